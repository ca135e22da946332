package io.oncemq.jms;

import io.oncemq.spi.support.Drains;
import io.oncemq.spi.support.Waits;
import java.time.Duration;
import java.util.List;

/**
 * How the members of a group share exclusive queues: a member without any asks, and each that is asked gives its share. Belongs to the source's
 * loop, but for {@link #asked}.
 *
 * @param <P> a consumer of a queue
 */
final class Sharing<P extends QueuePart<?>> {
    /** Members that ask within this time get their shares at once. */
    private static final Duration SETTLING = Duration.ofMillis(300);

    private static final Duration FIRST_ASKING = Duration.ofSeconds(1);
    private static final Duration LAST_ASKING = Duration.ofSeconds(30);

    private final QueueSource<P> source;
    private final Drains<P> drains;
    private volatile boolean asked;
    private long giveAt;
    private long askAt;
    private int asks;

    Sharing(QueueSource<P> source, Drains<P> drains) {
        this.source = source;
        this.drains = drains;
    }

    /** On a new connection. */
    void begin() {
        giveAt = 0;
        asks = 0;
        askAt = System.nanoTime() + FIRST_ASKING.toNanos();
    }

    /** Another member asks for a share; told on any thread. */
    void asked() {
        asked = true;
    }

    /** Asks for a share where this member has nothing, and gives one where another asks. @return for how many nanoseconds nothing is due */
    long tend(List<P> parts) throws Exception {
        long now = System.nanoTime();
        boolean any = parts.stream().anyMatch(QueuePart::isAssigned);
        if (any) {
            asks = 0;
            askAt = now + FIRST_ASKING.toNanos();
        } else if (now - askAt >= 0) {
            askAt = now + Waits.doubling(FIRST_ASKING, LAST_ASKING, asks++).toNanos();
            source.ask(parts);
        }
        if (asked) {
            asked = false;
            giveAt = now + Waits.spread(SETTLING).toNanos() | 1;
            if (any) {
                source.heard(parts.stream().filter(part -> !part.isAssigned()).toList());
            }
        } else if (giveAt != 0 && now - giveAt >= 0) {
            giveAt = 0;
            // The shards that are being given already are the share of a member that asks again.
            if (drains.isEmpty()) {
                give(parts);
            }
        }
        long give = giveAt == 0 ? Long.MAX_VALUE : giveAt - now;
        return Math.max(0, any ? give : Math.min(give, askAt - now));
    }

    private void give(List<P> parts) throws Exception {
        List<P> used = parts.stream()
                .filter(part -> part.isAssigned() && !drains.contains(part))
                .toList();
        List<P> given = used.subList(0, used.size() / Math.max(2, source.members()));
        if (!given.isEmpty()) {
            source.give(given, used.size());
        }
    }
}
