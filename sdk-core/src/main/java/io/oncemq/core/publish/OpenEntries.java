package io.oncemq.core.publish;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The messages whose futures may be open, in the order of acceptance. Settled ones leave lazily: from the front at once,
 * from the middle when they are the larger part, so that one that hangs does not keep all behind it in memory. Places are
 * valid until {@link #compact}. Used by the sender thread only.
 */
final class OpenEntries {
    private static final int FIRST_COMPACTION = 4096;

    private @Nullable Entry[] ring = new @Nullable Entry[256];
    private long begin;
    private long end;
    private long compactAt = FIRST_COMPACTION;

    long begin() {
        return begin;
    }

    long end() {
        return end;
    }

    boolean isEmpty() {
        return begin == end;
    }

    void add(Entry entry) {
        if (end - begin == ring.length) {
            grow();
        }
        ring[at(end++)] = entry;
    }

    Entry get(long place) {
        Entry entry = ring[at(place)];
        if (entry == null || place < begin || place >= end) {
            throw new IllegalStateException("no entry at " + place);
        }
        return entry;
    }

    /** Whether the outcome of each is decided, although a future may still wait for its completion. */
    boolean areFinished() {
        for (long place = begin; place < end; place++) {
            if (!get(place).isFinished()) {
                return false;
            }
        }
        return true;
    }

    /** Drops settled ones from the front. */
    void trim() {
        while (begin < end && get(begin).isSettled()) {
            ring[at(begin++)] = null;
        }
    }

    /** Whether so many are kept that {@link #compact} may be worth its scan. */
    boolean isLong() {
        return end - begin >= compactAt;
    }

    /** Drops every settled one. Places before this call are void. */
    void compact() {
        long kept = begin;
        for (long place = begin; place < end; place++) {
            Entry entry = get(place);
            if (!entry.isSettled()) {
                ring[at(kept++)] = entry;
            }
        }
        for (long place = kept; place < end; place++) {
            ring[at(place)] = null;
        }
        end = kept;
        compactAt = Math.max(FIRST_COMPACTION, 2 * (end - begin));
    }

    /** Those of one budget. */
    CompletableFuture<?>[] of(InFlightBudget budget) {
        return all().filter(entry -> entry.share.budget == budget).toArray(CompletableFuture<?>[]::new);
    }

    /** Where the open ones go. */
    Set<String> destinations() {
        Set<String> destinations = new TreeSet<>();
        all().map(Entry::openFrame).filter(Objects::nonNull).forEach(frame -> destinations.add(frame.destination()));
        return destinations;
    }

    /** Whether a message with a key is handed over to the destination. */
    boolean hasKeyOnItsWay(String destination) {
        return all().filter(Entry::isHandedOver)
                .map(Entry::openFrame)
                .anyMatch(frame -> frame != null
                        && frame.key() != null
                        && frame.destination().equals(destination));
    }

    Stream<Entry> all() {
        return LongStream.range(begin, end).mapToObj(this::get);
    }

    private void grow() {
        @Nullable Entry[] larger = Arrays.copyOf(new @Nullable Entry[0], 2 * ring.length);
        for (long place = begin; place < end; place++) {
            larger[(int) place & larger.length - 1] = get(place);
        }
        ring = larger;
    }

    private int at(long place) {
        return (int) place & ring.length - 1;
    }
}
