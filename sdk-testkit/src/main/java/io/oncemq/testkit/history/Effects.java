package io.oncemq.testkit.history;

import java.util.Arrays;

/** Effects in the order in which they happened, 20 bytes each. Not thread-safe; its history locks. */
final class Effects {
    private int[] messages = new int[1 << 10];
    private long[] processes = new long[1 << 10];
    private long[] nanos = new long[1 << 10];
    private int size;

    void add(int message, long process, long atNanos) {
        if (size == messages.length) {
            messages = Arrays.copyOf(messages, size * 2);
            processes = Arrays.copyOf(processes, size * 2);
            nanos = Arrays.copyOf(nanos, size * 2);
        }
        messages[size] = message;
        processes[size] = process;
        nanos[size] = atNanos;
        size++;
    }

    int size() {
        return size;
    }

    int message(int effect) {
        return messages[effect];
    }

    long process(int effect) {
        return processes[effect];
    }

    long nanos(int effect) {
        return nanos[effect];
    }
}
