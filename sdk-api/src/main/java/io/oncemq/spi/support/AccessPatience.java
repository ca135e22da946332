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
 * How long a running source tries again after the broker refused its credentials or rights. A password does not change on both sides at
 * one instant, so it tries for a while; but not for ever, since repeating rarely helps a refused login. A source that was never accepted
 * fails at once. Belongs to the source's thread.
 */
public final class AccessPatience {
    public static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A client tries to reconnect about every second; after this time without a refusal it counts as accepted. */
    static final Duration QUIET = Duration.ofSeconds(10);

    /** A refusal this long after the one before begins a new time: the refusals of one login are seconds apart. */
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

    /** Whether the source shall try again after the broker refused it, for the given reason. */
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
