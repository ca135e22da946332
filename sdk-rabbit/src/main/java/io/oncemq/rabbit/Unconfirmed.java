package io.oncemq.rabbit;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was published on one channel and has no confirm yet, by its number there. Numbers are given in order and confirmed in any; the
 * ring grows while an early one stays open. Not thread-safe.
 */
final class Unconfirmed {
    /** One published message. */
    static final class Sent {
        final String destination;
        final String exchange;
        final PublishRoute.Shards placedOver;
        final int shard;
        final Object context;
        boolean returned;

        Sent(String destination, String exchange, PublishRoute.Shards placedOver, int shard, Object context) {
            this.destination = destination;
            this.exchange = exchange;
            this.placedOver = placedOver;
            this.shard = shard;
            this.context = context;
        }
    }

    private @Nullable Sent[] ring;
    private long first = 1;
    private long next = 1;

    /** @param capacity to begin with, a power of two */
    Unconfirmed(int capacity) {
        ring = new Sent[capacity];
    }

    /** The number that {@link #add} gives next. */
    long next() {
        return next;
    }

    /** For how many numbers, from the first open one to the last that was given, it has memory. */
    int capacity() {
        return ring.length;
    }

    void add(Sent sent) {
        if (next - first == ring.length) {
            grow();
        }
        ring[slot(next)] = sent;
        next++;
    }

    @Nullable
    Sent get(long number) {
        return number >= first && number < next ? ring[slot(number)] : null;
    }

    /**
     * Takes out what a confirm names.
     *
     * @param upTo whether it names all numbers before as well
     * @return how many there were
     */
    int take(long number, boolean upTo, Consumer<Sent> taken) {
        int count = 0;
        long last = Math.min(number, next - 1);
        for (long each = upTo ? first : Math.max(first, number); each <= last; each++) {
            Sent sent = ring[slot(each)];
            if (sent != null) {
                ring[slot(each)] = null;
                count++;
                taken.accept(sent);
            }
        }
        while (first < next && ring[slot(first)] == null) {
            first++;
        }
        return count;
    }

    /**
     * Takes out what was certainly not stored when the server closed the channel over a message to an exchange. It reads in order and stops
     * there, and does not say which message it was: at the latest the last one to that exchange.
     */
    void takeFromLastTo(String exchange, Consumer<Sent> taken) {
        long last = next - 1;
        while (last >= first && !isTo(exchange, last)) {
            last--;
        }
        if (last >= first) {
            for (long each = last; each < next; each++) {
                take(each, false, taken);
            }
        }
    }

    private boolean isTo(String exchange, long number) {
        Sent sent = ring[slot(number)];
        return sent != null && sent.exchange.equals(exchange);
    }

    private void grow() {
        @Nullable Sent[] wider = new Sent[2 * ring.length];
        for (long each = first; each < next; each++) {
            wider[(int) (each & (wider.length - 1))] = ring[slot(each)];
        }
        ring = wider;
    }

    private int slot(long number) {
        return (int) (number & (ring.length - 1));
    }
}
