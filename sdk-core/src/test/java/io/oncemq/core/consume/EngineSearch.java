package io.oncemq.core.consume;

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

/**
 * Walks the engine itself: every interleaving of store, workers, broker and timers over two messages of a key, within a budget of
 * faults. What must hold stands in {@link EngineWorld}; that each message is settled in the end if no further fault strikes,
 * here. A state is reached again by repeating the steps that led to it, since the engine cannot be copied.
 */
final class EngineSearch {
    private static final int CALM_STEPS = 400;
    private static final int DEEPEST = 150;

    private final Setting setting;
    private final Set<Long> visited = new HashSet<>();
    private final Set<Long> endsWell = new HashSet<>();
    private final List<Integer> path = new ArrayList<>();
    private final List<String> story = new ArrayList<>();

    private EngineSearch(Setting setting) {
        this.setting = setting;
    }

    /**
     * Searches every combination of policies that a subscription accepts.
     *
     * @return how many states there are
     * @throws Violation at the first state in which something does not hold
     */
    static int run(String faults, Nature nature) {
        int states = 0;
        for (CrashPolicy crashPolicy : CrashPolicy.values()) {
            for (DeadLetterPolicy deadLetter : List.of(DeadLetterPolicy.defaults(), DeadLetterPolicy.block())) {
                // Where nothing fails both dead-letter policies are one.
                boolean differs = nature != Nature.HEALTHY || deadLetter.equals(DeadLetterPolicy.defaults());
                if (differs && accepted(crashPolicy, deadLetter)) {
                    Setting setting = new Setting(crashPolicy, deadLetter, nature, Budget.of(faults));
                    states += new EngineSearch(setting).search();
                }
            }
        }
        return states;
    }

    private static boolean accepted(CrashPolicy crashPolicy, DeadLetterPolicy deadLetter) {
        try {
            SubscriptionSpec.requireConsistent(crashPolicy, deadLetter);
            return true;
        } catch (ConfigurationException refused) {
            return false;
        }
    }

    private int search() {
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
