package io.oncemq.spi.support;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.MessagingEvent.AccessRegained;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a running source takes it that the broker no longer lets it in. Who changes a password does not do so on both sides in
 * one instant, so it goes on trying for a while; but not for ever, for a refused login is seldom mended by repeating it. What
 * was never let in fails at once. Belongs to the source's thread.
 */
public final class AccessPatience {
    public static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A client tries to reconnect about every second; if nothing is refused for so long, it is in again. */
    static final Duration QUIET = Duration.ofSeconds(10);

    /** A refusal that comes so long after the one before begins a time of its own: those of one refused login are seconds apart. */
    static final Duration APART = Duration.ofSeconds(15);

    private final SourceSpec spec;
    private final Consumer<MessagingEvent> events;
    private final LongSupplier ticker;
    private boolean everIn;
    private @Nullable Long refusedSince;
    private long refusedLast;

    public AccessPatience(SourceSpec spec, Consumer<MessagingEvent> events, LongSupplier ticker) {
        this.spec = spec;
        this.events = events;
        this.ticker = ticker;
    }

    /** The broker has let this source read. */
    public void letIn() {
        everIn = true;
    }

    /** Whether the source shall go on trying after the broker refused it, for the given reason. */
    public boolean bears(Throwable refusal) {
        if (!everIn) {
            return false;
        }
        long now = ticker.getAsLong();
        boolean lasts = now - refusedLast <= APART.toNanos();
        refusedLast = now;
        Long since = refusedSince;
        if (since == null) {
            events.accept(new AccessRefused(spec.destination(), spec.group(), refusal, PATIENCE));
        }
        if (since == null || !lasts) {
            refusedSince = now;
            return true;
        }
        return now - since < PATIENCE.toNanos();
    }

    /** A turn without a refusal. @param received whether it brought messages, which proves that the client is in */
    public void well(boolean received) {
        if (refusedSince != null && (received || ticker.getAsLong() - refusedLast >= QUIET.toNanos())) {
            refusedSince = null;
            events.accept(new AccessRegained(spec.destination(), spec.group()));
        }
    }
}
