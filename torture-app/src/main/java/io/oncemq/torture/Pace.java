package io.oncemq.torture;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How fast faults follow each other: in a short run of several kinds fast enough that each of them has a turn, where the machine is; in a long one
 * so slowly that each has one turn and there is calm in between.
 *
 * @param leastMillis of calm before a fault
 * @param mostMillis the same
 * @param longest that a fault is held
 */
record Pace(long leastMillis, long mostMillis, Duration longest) {
    private static final Duration ROOMY = Duration.ofSeconds(8);
    /** From here on there is calm to be judged in: much of what may happen is excused during a fault, and for a while after it. */
    private static final Duration CALM = Duration.ofSeconds(14);

    private static final Pace LONG = new Pace(5_000, 11_000, Duration.ofMinutes(1));
    private static final Pace USUAL = new Pace(1_000, 4_000, Duration.ofMinutes(1));
    /** Beyond the lease all the same. */
    private static final Pace SHORT = new Pace(200, 800, Terms.LEASE.plusSeconds(1));

    static Pace of(Duration time, int kinds) {
        if (time.compareTo(Duration.ofMinutes(5)) >= 0 && time.compareTo(CALM.multipliedBy(kinds)) >= 0) {
            return LONG;
        }
        return time.compareTo(ROOMY.multipliedBy(kinds)) < 0 && time.compareTo(Duration.ofMinutes(1)) < 0
                ? SHORT
                : USUAL;
    }

    Duration calm(SplittableRandom random) {
        return Spans.between(random, leastMillis, mostMillis);
    }

    Duration shortened(Duration hold) {
        return hold.compareTo(longest) > 0 ? longest : hold;
    }
}
