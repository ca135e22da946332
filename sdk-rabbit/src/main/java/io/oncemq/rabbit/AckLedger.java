package io.oncemq.rabbit;

import io.oncemq.spi.Acknowledgement;
import java.io.IOException;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What is acknowledged of one channel's deliveries. An acknowledgement of several at once names the highest that is still open: the broker
 * closes the channel when it names one that was acknowledged singly before. Both wait a little, unless many wait: a quorum queue writes
 * each one to its log, and most single ones are covered by the next of several (Q6). All but {@link #settled} belongs to the source's thread.
 */
final class AckLedger {
    /** Puts an acknowledgement on the wire. */
    interface Wire {
        void acknowledge(long tag, boolean multiple) throws IOException;
    }

    static final Duration LINGER = Duration.ofMillis(20);

    private final int mostWaiting;
    private final Queue<Acknowledgement> news = new ConcurrentLinkedQueue<>();
    private final NavigableSet<Long> waiting = new TreeSet<>();
    private final NavigableSet<Long> singles = new TreeSet<>();
    private long waitingSince;
    private long throughSince;
    private long through;
    private long written;

    /** @param prefetch how many open deliveries stop the broker */
    AckLedger(int prefetch) {
        this.mostWaiting = Math.max(1, prefetch / 4);
    }

    /** Thread-safe. */
    void settled(Acknowledgement acknowledgement) {
        news.add(acknowledgement);
    }

    /** Every delivery up to this one is settled, as far as {@link #write} has seen. */
    long through() {
        return through;
    }

    /** How many deliveries above {@link #through} are noted one by one. */
    int noted() {
        return waiting.size() + singles.size();
    }

    /** @param all whether nothing waits for others to go with */
    void write(Wire wire, boolean all, long now) throws IOException {
        readNews(now);
        if (isDue(all, through - written, throughSince, now)) {
            writeThrough(wire);
        }
        boolean due = isDue(all, waiting.size(), waitingSince, now);
        while (due && !waiting.isEmpty()) {
            long tag = waiting.first();
            wire.acknowledge(tag, false);
            waiting.remove(tag);
            singles.add(tag);
        }
    }

    private boolean isDue(boolean all, long count, long since, long now) {
        return count > 0 && (all || count >= mostWaiting || now - since >= LINGER.toNanos());
    }

    private void writeThrough(Wire wire) throws IOException {
        long open = through;
        while (open > written && singles.contains(open)) {
            open--;
        }
        if (open > written) {
            wire.acknowledge(open, true);
        }
        written = through;
        singles.headSet(through, true).clear();
    }

    private void readNews(long now) {
        for (@Nullable Acknowledgement each = news.poll(); each != null; each = news.poll()) {
            if (through == written) {
                throughSince = now;
            }
            through = Math.max(through, each.through());
            for (long tag : each.singles()) {
                if (waiting.isEmpty()) {
                    waitingSince = now;
                }
                if (tag > through && !singles.contains(tag)) {
                    waiting.add(tag);
                }
            }
        }
        waiting.headSet(through, true).clear();
    }

    /** Whether something will have to be written though no news come. */
    boolean lingers() {
        return through > written || !waiting.isEmpty();
    }
}
