package io.oncemq.torture;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** Lets the faults happen, each kind in its turn, in an order and with times that follow from the seed; now and then two at once. */
final class Schedule {
    private static final int TWO_AT_ONCE_ONE_OF = 4;

    private final Arena arena;
    private final List<Nemesis> nemeses;
    private final SplittableRandom random;
    private final Pace pace;
    private final Deque<Nemesis> turn = new ArrayDeque<>();
    private final Set<String> under = new ConcurrentSkipListSet<>();
    private final ConcurrentSkipListMap<String, Integer> struck = new ConcurrentSkipListMap<>();

    Schedule(Arena arena, List<Nemesis> nemeses) {
        this.arena = arena;
        this.nemeses = nemeses;
        this.random = new SplittableRandom(arena.options().seed() ^ 0x5eed);
        this.pace = Pace.of(arena.options().time(), nemeses.size());
        nemeses.forEach(each -> struck.put(each.name(), 0));
    }

    /** Returns when the time is over and the last fault has ended. */
    void run(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (true) {
            Duration calm = pace.calm(random);
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (nemeses.isEmpty() || left.compareTo(calm) <= 0) {
                arena.stop().pause(left.isNegative() ? Duration.ZERO : left);
                return;
            }
            arena.stop().pause(calm);
            Nemesis first = next();
            Optional<Nemesis> second = random.nextInt(TWO_AT_ONCE_ONE_OF) == 0 ? other(first) : Optional.empty();
            if (second.isPresent()) {
                strike(first, () -> strike(second.get(), () -> {}));
            } else {
                strike(first, () -> {});
            }
        }
    }

    private Nemesis next() {
        if (turn.isEmpty()) {
            List<Nemesis> order = new ArrayList<>(nemeses);
            Collections.shuffle(order, new Random(random.nextLong()));
            turn.addAll(order);
        }
        return turn.remove();
    }

    private Optional<Nemesis> other(Nemesis first) {
        List<Nemesis> others = nemeses.stream()
                .filter(each -> each.against() != first.against())
                .filter(each -> isLasting(each) && isLasting(first))
                .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(others.get(random.nextInt(others.size())));
    }

    /** What waits for all to be handled goes alone. */
    private static boolean isLasting(Nemesis nemesis) {
        return nemesis.against() != Nemesis.Against.DESTINATION;
    }

    private void strike(Nemesis nemesis, Runnable meanwhile) {
        Attack attack = nemesis.plan(arena, random.split());
        String words = nemesis.name() + " " + attack.target();
        arena.log().nemesisBegins(words);
        under.add(words);
        try {
            boolean happened = attack.begin().getAsBoolean();
            if (happened) {
                struck.merge(nemesis.name(), 1, Integer::sum);
            }
            meanwhile.run();
            if (happened) {
                arena.stop().pause(pace.shortened(attack.hold()));
            }
        } finally {
            if (!arena.stop().isRequested()) {
                attack.end().run();
                arena.log().nemesisEnded(words);
            }
            under.remove(words);
        }
    }

    /** The faults of this moment. */
    List<String> under() {
        return List.copyOf(under);
    }

    /** How often each fault has happened; 0 for one that was to happen and has not. */
    SortedMap<String, Integer> struck() {
        return new TreeMap<>(struck);
    }

    int count() {
        return struck.values().stream().mapToInt(Integer::intValue).sum();
    }
}
