package io.oncemq.testkit.history;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Numbers distinct texts from 0 in the order in which they come, and gives the text of a number.
 *
 * <p>Texts are kept as bytes in large chunks beside an open-addressing table of their numbers: about 20 bytes per entry
 * on top of the text itself, where a HashMap of strings takes some 150. Not thread-safe.
 */
final class TextTable {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int FREE = -1;

    private int[] slots = filled(1 << 10);
    private int[] hashes = new int[1 << 10];
    private long[] starts = new long[1 << 10];
    private byte[][] chunks = new byte[0][];
    private long end;
    private int size;

    int size() {
        return size;
    }

    /** The number of a text, which is given one if it has none. */
    int add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int hash = mixed(Arrays.hashCode(bytes));
        int slot = slotOf(bytes, hash);
        if (slots[slot] != FREE) {
            return slots[slot];
        }
        if ((size + 1) * 3L > slots.length * 2L) {
            grow();
            slot = slotOf(bytes, hash);
        }
        slots[slot] = size;
        hashes[size] = hash;
        starts[size] = store(bytes);
        return size++;
    }

    String text(int number) {
        return new String(bytesOf(number), StandardCharsets.UTF_8);
    }

    private int slotOf(byte[] bytes, int hash) {
        int slot = hash & (slots.length - 1);
        while (slots[slot] != FREE && !(hashes[slots[slot]] == hash && Arrays.equals(bytesOf(slots[slot]), bytes))) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private void grow() {
        slots = filled(slots.length * 2);
        hashes = Arrays.copyOf(hashes, slots.length);
        starts = Arrays.copyOf(starts, slots.length);
        for (int number = 0; number < size; number++) {
            int slot = hashes[number] & (slots.length - 1);
            while (slots[slot] != FREE) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = number;
        }
    }

    /** A text lies in one chunk, after its length in four bytes. */
    private long store(byte[] bytes) {
        int needed = Integer.BYTES + bytes.length;
        if (needed > CHUNK_BYTES) {
            throw new IllegalArgumentException("a text of " + bytes.length + " bytes is no id or key");
        }
        int room = (int) (chunks.length * (long) CHUNK_BYTES - end);
        if (room < needed) {
            end += room;
            chunks = Arrays.copyOf(chunks, chunks.length + 1);
            chunks[chunks.length - 1] = new byte[CHUNK_BYTES];
        }
        long start = end;
        byte[] chunk = chunks[(int) (start / CHUNK_BYTES)];
        int at = (int) (start % CHUNK_BYTES);
        for (int i = 0; i < Integer.BYTES; i++) {
            chunk[at + i] = (byte) (bytes.length >> (8 * i));
        }
        System.arraycopy(bytes, 0, chunk, at + Integer.BYTES, bytes.length);
        end += needed;
        return start;
    }

    private byte[] bytesOf(int number) {
        byte[] chunk = chunks[(int) (starts[number] / CHUNK_BYTES)];
        int at = (int) (starts[number] % CHUNK_BYTES);
        int length = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            length |= (chunk[at + i] & 0xff) << (8 * i);
        }
        return Arrays.copyOfRange(chunk, at + Integer.BYTES, at + Integer.BYTES + length);
    }

    private static int mixed(int hash) {
        int h = hash * 0x9E3779B9;
        return h ^ (h >>> 16);
    }

    private static int[] filled(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, FREE);
        return slots;
    }
}
