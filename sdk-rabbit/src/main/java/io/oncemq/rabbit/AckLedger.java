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
 * closes the channel when it names one that was acknowledged singly before. Single ones wait a little, since most of them are covered by
 * the next of several (Q6). All but {@link #settled} belongs to the source's thread.
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

    /** @param all whether single ones go out at once */
    void write(Wire wire, boolean all, long now) throws IOException {
        readNews(now);
        if (through > written) {
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
        boolean due = all || waiting.size() >= mostWaiting || now - waitingSince >= LINGER.toNanos();
        while (due && !waiting.isEmpty()) {
            long tag = waiting.first();
            wire.acknowledge(tag, false);
            waiting.remove(tag);
            singles.add(tag);
        }
    }

    private void readNews(long now) {
        for (@Nullable Acknowledgement each = news.poll(); each != null; each = news.poll()) {
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
        return !waiting.isEmpty();
    }
}
