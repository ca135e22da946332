package io.oncemq.torture;

import java.util.SplittableRandom;

/**
 * How the handling of a message goes, the same in every process of a run.
 *
 * @param millis how long the handler works before the effect
 * @param failures how many of the first attempts fail
 * @param poison whether every attempt fails for good
 * @param dawdles whether it is among those that are slow when handlers are
 */
record Fate(long millis, int failures, boolean poison, boolean dawdles) {

    static Fate of(long seed, String id) {
        SplittableRandom random = new SplittableRandom(seed * 31 + id.hashCode());
        boolean poison = random.nextInt(400) == 0;
        int failures = random.nextInt(25) == 0 ? 1 + random.nextInt(2) : 0;
        long millis = random.nextInt(20) == 0 ? random.nextInt(60) : random.nextInt(6);
        return new Fate(millis, failures, poison, random.nextInt(16) == 0);
    }
}
