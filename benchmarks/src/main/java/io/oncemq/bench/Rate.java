package io.oncemq.bench;

/** Messages per second. */
final class Rate {
    private static final double NANOS_PER_SECOND = 1e9;

    private Rate() {}

    static double of(long messages, long nanos) {
        return messages * NANOS_PER_SECOND / nanos;
    }
}
