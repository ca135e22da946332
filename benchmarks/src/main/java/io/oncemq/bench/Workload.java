package io.oncemq.bench;

import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The messages of a benchmark: message i has the same key on both sides and in each run, a body of 200 bytes and a UUID as
 * id. Immutable.
 */
record Workload(Keys keys, int messages) {
    static final int BODY_BYTES = 200;
    static final int KEYS = 1_000;
    private static final String[] NAMES =
            IntStream.range(0, KEYS).mapToObj(i -> "customer-" + i).toArray(String[]::new);

    /** How messages spread over the keys. */
    enum Keys {
        UNIFORM,
        /** One key has half of the messages, the others share the rest. */
        HOT
    }

    /** A fresh id per run and message, so that nothing of an earlier run is known. */
    static String id(long run, int message) {
        return new UUID(run, message).toString();
    }

    String key(int message) {
        long bits = mixed(message);
        if (keys == Keys.HOT && bits < 0) {
            return NAMES[0];
        }
        return NAMES[(int) ((bits >>> 8) % KEYS)];
    }

    static byte[] body() {
        byte[] body = new byte[BODY_BYTES];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) ('a' + i % 26);
        }
        return body;
    }

    /** The finalizer of splitmix64: neighbouring numbers get unrelated bits. */
    private static long mixed(long value) {
        long z = (value + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
