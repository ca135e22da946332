package io.oncemq.torture;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Numbers from 0, the smaller ones much more often: the few busy keys and the many idle ones of real traffic. */
final class Zipf {
    private static final double SKEW = 0.9;

    private final double[] cumulative;

    Zipf(int count) {
        cumulative = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += 1 / Math.pow(i + 1.0, SKEW);
            cumulative[i] = sum;
        }
    }

    int next(SplittableRandom random) {
        double at = random.nextDouble() * cumulative[cumulative.length - 1];
        int found = Arrays.binarySearch(cumulative, at);
        return found >= 0 ? found : -found - 1;
    }
}
