package io.oncemq.spi.support;

import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.MessagingEvent.SourceResumed;
import io.oncemq.MessagingException;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a source does after errors: by the table of {@link SourceTrouble} it ends, or gets the back-off to its next try, and the
 * application receives the events of the interruption and of its end. An adapter calls {@link #letIn} once it receives, {@link #well} in each turn
 * without an error, and {@link #retryAfter} with each error. It keeps no policy of its own.
 *
 * <p>Where parts of a source fail by themselves, such as the partitions or the servers of a destination, each has a {@link #part}
 * with its own back-off and patience; a success of one part counts for all. Belongs to the source's thread.
 */
public final class SourceRecovery {
    /** Between the first error and the next try, before it is spread. Doubles with each further error. */
    public static final Duration FIRST_WAIT = Duration.ofMillis(50);

    /** The longest time between two tries, before it is spread. */
    public static final Duration LAST_WAIT = Duration.ofSeconds(5);

    /** After this time without an error, or with the first message, an interruption is over. */
    static final Duration QUIET = AccessPatience.QUIET;

    private final SourceSpec spec;
    private final Consumer<MessagingEvent> events;
    private final LongSupplier ticker;
    private final AccessPatience access;
    private final AtomicBoolean everIn;
    private final @Nullable String partition;
    private @Nullable SourceTrouble trouble;
    private boolean told;
    private long since;
    private long last;
    private int failures;

    /** @param ticker nanoseconds, such as {@code System::nanoTime} */
    public SourceRecovery(SourceSpec spec, Consumer<MessagingEvent> events, LongSupplier ticker) {
        this(spec, events, ticker, new AtomicBoolean(), null);
    }

    private SourceRecovery(
            SourceSpec spec,
            Consumer<MessagingEvent> events,
            LongSupplier ticker,
            AtomicBoolean everIn,
            @Nullable String partition) {
        this.spec = spec;
        this.events = events;
        this.ticker = ticker;
        this.access = new AccessPatience(spec, events, ticker);
        this.everIn = everIn;
        this.partition = partition;
    }

    /** The recovery of a part that fails by itself. @param partition names it in events */
    public SourceRecovery part(String partition) {
        return new SourceRecovery(spec, events, ticker, everIn, partition);
    }

    /** The first success, or another one: the broker has accepted this source, and has its destination. */
    public void letIn() {
        everIn.set(true);
    }

    /** A turn without an error. @param received whether it brought messages, which proves that the source works */
    public void well(boolean received) {
        access.well(received);
        SourceTrouble was = trouble;
        if (was != null && (received || ticker.getAsLong() - last >= QUIET.toNanos())) {
            trouble = null;
            failures = 0;
            if (told) {
                told = false;
                Duration outage = Duration.ofNanos(ticker.getAsLong() - since);
                events.accept(new SourceResumed(spec.destination(), spec.group(), partition, outage));
            }
        }
    }

    /** Whether no error is remembered; until then {@link #well} has to be called from time to time, so that the end of an interruption is reported. */
    public boolean isWell() {
        return trouble == null;
    }

    /**
     * How long to wait before the next try.
     *
     * @throws MessagingException the error itself, if it ends the source
     */
    public Duration retryAfter(MessagingException error) {
        return retryAfter(SourceTrouble.of(error), error);
    }

    /**
     * The same for an error whose kind the adapter knows better than its class tells.
     *
     * @throws MessagingException the error itself, if it ends the source
     */
    public Duration retryAfter(SourceTrouble kind, MessagingException error) {
        if (!bears(kind, error)) {
            throw error;
        }
        return interrupted(kind, error);
    }

    /**
     * The broker answers that the destination, or what it keeps for the group, is not there. If it was there before, messages may be lost.
     *
     * @param place what is missing
     * @throws MessagingException the error itself, if it ends the source
     */
    public Duration retryAfterMissing(String place, MessagingException error) {
        if (everIn.get() && trouble != SourceTrouble.MISSING) {
            events.accept(
                    new PositionsLost(spec.destination(), spec.group(), place, String.valueOf(error.getMessage())));
        }
        return retryAfter(SourceTrouble.MISSING, error);
    }

    private boolean bears(SourceTrouble kind, MessagingException error) {
        return switch (kind.answer(everIn.get())) {
            case FAIL -> false;
            case RETRY -> true;
            case RETRY_FOR_A_WHILE -> bearsRefusal(error);
            case AS_LOST_POSITIONS_SAY -> spec.onLost() != LostPositions.STOP && !spec.replay();
        };
    }

    private boolean bearsRefusal(MessagingException refusal) {
        access.letIn();
        return access.bears(refusal);
    }

    private Duration interrupted(SourceTrouble kind, MessagingException error) {
        Duration wait = Waits.doubling(FIRST_WAIT, LAST_WAIT, failures++);
        last = ticker.getAsLong();
        if (trouble == null) {
            since = last;
        }
        // Of refused credentials AccessPatience tells.
        if (trouble != kind && kind != SourceTrouble.CREDENTIALS) {
            told = true;
            events.accept(new SourceInterrupted(spec.destination(), spec.group(), partition, error, wait));
        }
        trouble = kind;
        return wait;
    }
}
