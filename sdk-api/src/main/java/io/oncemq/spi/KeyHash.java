package io.oncemq.spi;

/**
 * The one hash of an ordering key, the same on every broker: murmur2 over its {@linkplain KeyBytes bytes} with Kafka's seed, so that a key's
 * place can be computed anywhere.
 */
public final class KeyHash {
    private static final int SEED = 0x9747b28c;
    private static final int M = 0x5bd1e995;

    private KeyHash() {}

    public static int of(String key) {
        return of(KeyBytes.of(key));
    }

    public static int of(byte[] data) {
        int length = data.length;
        int hash = SEED ^ length;
        int end = length & ~3;
        for (int i = 0; i < end; i += 4) {
            int word = (data[i] & 0xff)
                    | (data[i + 1] & 0xff) << 8
                    | (data[i + 2] & 0xff) << 16
                    | (data[i + 3] & 0xff) << 24;
            word *= M;
            word ^= word >>> 24;
            word *= M;
            hash = hash * M ^ word;
        }
        int tail = length & 3;
        if (tail > 0) {
            for (int i = tail - 1; i >= 0; i--) {
                hash ^= (data[end + i] & 0xff) << (8 * i);
            }
            hash *= M;
        }
        hash ^= hash >>> 13;
        hash *= M;
        return hash ^ hash >>> 15;
    }

    /** The place of a hash among {@code count} partitions. */
    public static int place(int hash, int count) {
        return (hash & 0x7fffffff) % count;
    }
}
