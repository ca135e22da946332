package io.oncemq.core.claim;

/** A set of longs without boxes; 0 stands for an empty slot and is never added by a good hash. */
final class LongHashSet {
    private long[] slots = new long[1 << 16];
    private int size;

    int size() {
        return size;
    }

    boolean contains(long value) {
        return slots[slot(slots, value)] == value;
    }

    boolean add(long value) {
        int slot = slot(slots, value);
        if (slots[slot] == value) {
            return false;
        }
        slots[slot] = value;
        size++;
        if (size > slots.length / 2) {
            grow();
        }
        return true;
    }

    private void grow() {
        long[] wider = new long[slots.length * 2];
        for (long value : slots) {
            if (value != 0) {
                wider[slot(wider, value)] = value;
            }
        }
        slots = wider;
    }

    private static int slot(long[] slots, long value) {
        int mask = slots.length - 1;
        int slot = (int) (value ^ value >>> 32) & mask;
        while (slots[slot] != 0 && slots[slot] != value) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
