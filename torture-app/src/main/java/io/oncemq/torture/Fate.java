package io.oncemq.torture;

import java.util.SplittableRandom;

/**
 * How the handling of a message goes, the same in every process of a run.
 *
 * @param millis how long the handler works before the effect; now and then for longer than a lease
 * @param failures how many of the first attempts fail; now and then as many as the policy allows
 * @param poison whether every attempt fails for good
 * @param dawdles whether it is among those that are slow when handlers are
 */
record Fate(long millis, int failures, boolean poison, boolean dawdles) {
    private static final long LONGER_THAN_A_LEASE = Terms.LEASE.toMillis() + 1_000;
    private static final int RARELY = 2_000;

    static Fate of(long seed, String id) {
        SplittableRandom random = new SplittableRandom(seed * 31 + id.hashCode());
        boolean poison = random.nextInt(400) == 0;
        int failures = random.nextInt(25) == 0 ? 1 + random.nextInt(2) : 0;
        long millis = random.nextInt(20) == 0 ? random.nextInt(60) : random.nextInt(6);
        boolean dawdles = random.nextInt(16) == 0;
        return switch (random.nextInt(RARELY)) {
            case 0 -> new Fate(millis, Terms.MAX_ATTEMPTS, false, dawdles);
            case 1, 2 -> new Fate(millis, 3 + random.nextInt(5), poison, dawdles);
            case 3, 4 -> new Fate(LONGER_THAN_A_LEASE + random.nextInt(1_000), failures, poison, dawdles);
            default -> new Fate(millis, failures, poison, dawdles);
        };
    }

    /** Whether it is given up after the last attempt of its policy. */
    boolean exhausted() {
        return !poison && failures >= Terms.MAX_ATTEMPTS;
    }
}
