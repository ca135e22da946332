package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.ConfigurationException;
import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.core.consume.EngineWorld.Action;
import io.oncemq.core.consume.EngineWorld.Budget;
import io.oncemq.core.consume.EngineWorld.Nature;
import io.oncemq.core.consume.EngineWorld.Setting;
import io.oncemq.core.consume.EngineWorld.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Walks the engine itself: every interleaving of store, workers, broker and timers over two messages of a key, within a budget of
 * faults, for every combination of policies that a subscription accepts. What must hold stands in {@link EngineWorld}; that each
 * message is settled in the end if no further fault strikes, here. A state is reached again by repeating the steps that led
 * to it, since the engine cannot be copied.
 */
@Timeout(120)
class EngineSearchTest {
    private static final int CALM_STEPS = 400;
    private static final int DEEPEST = 150;

    private Setting setting =
            new Setting(CrashPolicy.REPROCESS, DeadLetterPolicy.defaults(), Nature.HEALTHY, Budget.of(""));
    private final Set<Long> visited = new HashSet<>();
    private final Set<Long> endsWell = new HashSet<>();
    private final List<Integer> path = new ArrayList<>();
    private final List<String> story = new ArrayList<>();

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "crashes 1 reversals 1, HEALTHY",
        "crashes 1, FAILS_ONCE",
        "lapses 1, HEALTHY",
        "lapses 1, FAILS_ONCE",
        "closes 1, HEALTHY",
        "moves 1, HEALTHY",
        "replies 1, HEALTHY",
        "replies 1, FAILS_ONCE",
        "losses 1, HEALTHY",
        "crashes 1, DERIVES",
        "replies 1, DERIVES_REFUSED",
        "crashes 1 reversals 1 alone 1, HEALTHY",
        "moves 1 alone 1, HEALTHY",
        "closes 1 alone 1, HEALTHY",
    })
    void holdsWhateverStrikes(String faults, Nature nature) {
        search(faults, nature);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({"closes 1, FAILS_ONCE", "moves 1, FAILS_ONCE", "crashes 1 reversals 1, FAILS_ONCE"})
    void holdsWhateverStrikesAFailingMessage(String faults, Nature nature) {
        search(faults, nature);
    }

    private void search(String faults, Nature nature) {
        int states = 0;
        for (CrashPolicy crashPolicy : CrashPolicy.values()) {
            for (DeadLetterPolicy deadLetter : List.of(DeadLetterPolicy.defaults(), DeadLetterPolicy.block())) {
                // Where nothing fails both dead-letter policies are one.
                boolean differs = nature != Nature.HEALTHY || deadLetter.equals(DeadLetterPolicy.defaults());
                if (differs && accepted(crashPolicy, deadLetter)) {
                    states += search(new Setting(crashPolicy, deadLetter, nature, Budget.of(faults)));
                }
            }
        }
        System.out.printf("engine, %s, %s: %,d states%n", faults, nature, states);
        assertThat(states).isGreaterThan(100);
    }

    private static boolean accepted(CrashPolicy crashPolicy, DeadLetterPolicy deadLetter) {
        try {
            SubscriptionSpec.requireConsistent(crashPolicy, deadLetter);
            return true;
        } catch (ConfigurationException refused) {
            return false;
        }
    }

    private int search(Setting world) {
        setting = world;
        visited.clear();
        endsWell.clear();
        try {
            visit(new EngineWorld(setting));
        } catch (Violation violation) {
            Violation told =
                    new Violation(violation.getMessage() + ", in " + setting + "\n  " + String.join("\n  ", story));
            told.setStackTrace(violation.getStackTrace());
            throw told;
        }
        return visited.size();
    }

    private void visit(EngineWorld here) {
        if (!visited.add(WorldPrint.of(here))) {
            return;
        }
        EngineWorld.check(path.size() < DEEPEST, "no end");
        endsWell();
        int count = here.actions(false).size();
        for (int i = 0; i < count; i++) {
            EngineWorld world = i == 0 ? here : replayed();
            Action action = world.actions(false).get(i);
            path.add(i);
            story.add(action.name());
            action.effect().run();
            visit(world);
            path.remove(path.size() - 1);
            story.remove(story.size() - 1);
        }
    }

    private EngineWorld replayed() {
        EngineWorld world = new EngineWorld(setting);
        for (int step : path) {
            world.actions(false).get(step).effect().run();
        }
        return world;
    }

    /** Follows a fair schedule without faults. */
    private void endsWell() {
        EngineWorld world = replayed();
        List<Long> passed = new ArrayList<>();
        int depth = story.size();
        for (int i = 0; i < CALM_STEPS; i++) {
            long print = WorldPrint.of(world);
            if (world.settled() || endsWell.contains(print)) {
                endsWell.addAll(passed);
                story.subList(depth, story.size()).clear();
                return;
            }
            passed.add(print);
            List<Action> actions = world.actions(true);
            EngineWorld.check(!actions.isEmpty(), "a dead end");
            Action next = actions.get(i % actions.size());
            story.add("calm: " + next.name());
            next.effect().run();
        }
        throw new Violation("no end without further faults");
    }
}
