package io.oncemq.torture;

import java.time.Duration;
import java.util.SplittableRandom;

/** A consumer process gets a wall clock that is an hour wrong, see {@link ShiftedClock}; its monotonic clock stays. */
record ClockShift() implements Nemesis {
    private static final Duration SHIFT = Duration.ofHours(1);
    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "clock-shift";
    }

    @Override
    public Against against() {
        return Against.CONSUMER;
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        Member member = arena.fleet().any(random);
        Duration shift = random.nextBoolean() ? SHIFT : SHIFT.negated();
        return new Attack(
                member.name() + " by " + shift,
                Spans.between(random, 5_000, 10_000),
                () -> {
                    member.leave();
                    member.startWithClock(shift);
                    return arena.awaitItWorks(member, JOIN_PATIENCE);
                },
                () -> {
                    member.leave();
                    member.start();
                });
    }
}
