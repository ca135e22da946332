package io.oncemq.kafka;

import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.MessagingEvent.AccessRegained;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a running source takes it that the broker no longer lets it in. Who changes a password does not do so on both sides in
 * one instant, so it goes on trying for a while; but not for ever, for a refused login is seldom mended by repeating it. What
 * was never let in fails at once. Belongs to the poll thread.
 */
final class AccessPatience {
    static final Duration PATIENCE = Duration.ofMinutes(1);

    /** The client tries to reconnect about every second; if nothing is refused for so long, it is in again. */
    static final Duration QUIET = Duration.ofSeconds(10);

    private final SourceSpec spec;
    private final SourceListener listener;
    private final LongSupplier ticker;
    private boolean everIn;
    private @Nullable Long refusedSince;
    private long refusedLast;

    AccessPatience(SourceSpec spec, SourceListener listener, LongSupplier ticker) {
        this.spec = spec;
        this.listener = listener;
        this.ticker = ticker;
    }

    /** The broker has given this member partitions. */
    void letIn() {
        everIn = true;
    }

    /** Whether the source shall go on trying after this error. */
    boolean bears(Throwable error) {
        if (!everIn || !AccessErrors.isRefusal(error)) {
            return false;
        }
        long now = ticker.getAsLong();
        refusedLast = now;
        Long since = refusedSince;
        if (since == null) {
            refusedSince = now;
            Throwable cause = KafkaErrors.translate("consuming " + spec.destination(), error);
            listener.onEvent(new AccessRefused(spec.destination(), spec.group(), cause, PATIENCE));
            return true;
        }
        return now - since < PATIENCE.toNanos();
    }

    /** A turn without a refusal. @param received whether it brought messages, which proves that the client is in */
    void well(boolean received) {
        if (refusedSince != null && (received || ticker.getAsLong() - refusedLast >= QUIET.toNanos())) {
            refusedSince = null;
            listener.onEvent(new AccessRegained(spec.destination(), spec.group()));
        }
    }
}
