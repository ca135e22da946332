package io.oncemq.core.consume;

import io.oncemq.BackOff;
import io.oncemq.DeadLetterPolicy.TooLarge;
import io.oncemq.Headers;
import io.oncemq.MessagingEvent.DeadLetterDelayed;
import io.oncemq.MessagingEvent.DeadLetterTooLarge;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.core.DerivedIds;
import io.oncemq.core.Events;
import io.oncemq.core.FailureText;
import io.oncemq.core.ThrowableText;
import io.oncemq.core.WireHeaders;
import io.oncemq.spi.KeyBytes;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Publishes dead letters: the original body, key and headers, and what is known of the failure. The id is made from the
 * message's own, so a step that is taken again after a crash publishes the same letter. Belongs to the event loop.
 */
final class DeadLetterStep {
    static final String EXHAUSTED = "attempts-exhausted";
    static final String NOT_RETRYABLE = "not-retryable";
    static final String IN_DOUBT = "in-doubt";
    static final String EXPIRED = "expired";
    /** An earlier owner had decided it and disappeared, and has recorded no cause. */
    static final String RESUMED = "resumed";

    private static final int LONGEST_TEXT = 1000;

    private final SubscriptionSpec spec;
    private final List<String> idHeaders;
    private final Function<OutboundFrame, CompletableFuture<Receipt>> publisher;
    private final BiConsumer<String, String> abandoned;
    private final Events events;
    private final Clock clock;
    private final RetryDelays pauses =
            new RetryDelays(BackOff.exponential(Duration.ofMillis(100), Duration.ofSeconds(5)));
    /** Ids of letters that were published and are not confirmed; any thread. */
    private final Set<String> open = ConcurrentHashMap.newKeySet();

    private volatile boolean over;
    private int failuresInRow;

    /** @param cloudEventsPrefixes what may stand before an attribute's name; the first is written */
    DeadLetterStep(
            SubscriptionSpec spec,
            List<String> cloudEventsPrefixes,
            Function<OutboundFrame, CompletableFuture<Receipt>> publisher,
            BiConsumer<String, String> abandoned,
            Events events,
            Clock clock) {
        this.spec = spec;
        this.idHeaders = cloudEventsPrefixes.stream()
                .map(prefix -> prefix + WireHeaders.ID)
                .toList();
        this.publisher = publisher;
        this.abandoned = abandoned;
        this.events = events;
        this.clock = clock;
    }

    /** Publishes; {@code ended} hears null once it is confirmed, else why not, on any thread. Does not block. */
    void publish(Work work, Consumer<@Nullable Throwable> ended) {
        CompletableFuture<Receipt> letter;
        String id = letterId(work.identity);
        open.add(id);
        try {
            letter = publisher.apply(frame(work));
        } catch (Throwable e) {
            ended(id, e);
            ended.accept(e);
            return;
        }
        letter.whenComplete((receipt, failure) -> {
            ended(id, failure);
            ended.accept(failure);
        });
    }

    private void ended(String id, @Nullable Throwable failure) {
        if (failure == null) {
            open.remove(id);
        } else if (over) {
            abandon(id);
        }
    }

    /**
     * The run has ended: what is not confirmed nobody here publishes again, and what is still on its way is abandoned once it has failed.
     * On any thread.
     */
    void close() {
        over = true;
        open.forEach(id -> abandoned.accept(spec.deadLetterDestination(), id));
    }

    void delayed(Work work, Throwable failure) {
        failuresInRow++;
        if (isTooLarge(failure) && !work.tooLarge) {
            tooLarge(work);
            return;
        }
        try (LogContext ignored = LogContext.of(spec, work)) {
            events.emit(new DeadLetterDelayed(
                    spec.destination(), spec.reader(), work.identity.id(), spec.deadLetterDestination(), failure));
        }
    }

    private void tooLarge(Work work) {
        work.tooLarge = true;
        try (LogContext ignored = LogContext.of(spec, work)) {
            events.emit(new DeadLetterTooLarge(
                    spec.destination(),
                    spec.reader(),
                    work.identity.id(),
                    LaneEngine.position(work),
                    spec.deadLetterDestination(),
                    work.message.size(),
                    spec.deadLetter().tooLarge()));
        }
    }

    private static boolean isTooLarge(Throwable failure) {
        return failure instanceof PublishRejectedException rejected && rejected.reason() == Reason.TOO_LARGE;
    }

    /** Nobody here will publish it again: its key must not stay frozen for the letters of others. */
    void abandon(Work work) {
        abandon(letterId(work.identity));
    }

    private void abandon(String id) {
        open.remove(id);
        abandoned.accept(spec.deadLetterDestination(), id);
    }

    Duration pause() {
        return pauses.after(Math.max(1, failuresInRow));
    }

    void done(Work work) {
        failuresInRow = 0;
        try (LogContext ignored = LogContext.of(spec, work)) {
            DeadLettered event = new DeadLettered(
                    spec.destination(),
                    spec.reader(),
                    work.identity.id(),
                    spec.deadLetterDestination(),
                    work.attempt,
                    reason(work),
                    work.failure);
            FailureText.beside(work.message.body(), () -> events.emit(event));
        }
    }

    private static String reason(Work work) {
        return work.deadCause == null ? RESUMED : work.deadCause.reason();
    }

    private OutboundFrame frame(Work work) {
        Identity identity = work.identity;
        String id = letterId(identity);
        boolean stub = work.tooLarge && spec.deadLetter().tooLarge() == TooLarge.STUB;
        Headers.Builder headers = stub ? Headers.empty().toBuilder() : work.message.headers().toBuilder();
        // A reader that prefers the other spelling must not take the letter for the message itself.
        idHeaders.forEach(headers::remove);
        headers.set(idHeaders.get(0), id);
        headers.set(WireHeaders.SCOPE, identity.scope());
        headers.remove(WireHeaders.GENERATION);
        if (identity.generation() > 0) {
            headers.set(WireHeaders.GENERATION, Integer.toString(identity.generation()));
        }
        headers.set(WireHeaders.DEAD_LETTER_ID, identity.id());
        headers.set(WireHeaders.DEAD_LETTER_DESTINATION, spec.destination());
        headers.set(WireHeaders.DEAD_LETTER_GROUP, spec.group());
        headers.set(WireHeaders.DEAD_LETTER_POSITION, LaneEngine.position(work).toString());
        headers.set(WireHeaders.DEAD_LETTER_REASON, reason(work));
        headers.set(WireHeaders.DEAD_LETTER_ATTEMPTS, Integer.toString(work.attempt));
        headers.set(WireHeaders.DEAD_LETTER_TIME, clock.instant().toString());
        if (stub) {
            headers.set(WireHeaders.DEAD_LETTER_SIZE, Integer.toString(work.message.size()));
        }
        setFailure(headers, work);
        String key = work.message.key();
        byte[] placed = KeyBytes.of(key == null ? id : key);
        return new OutboundFrame(
                spec.deadLetterDestination(),
                id,
                key,
                KeyHash.of(placed),
                headers.build(),
                stub ? null : work.message.body(),
                (stub ? 0 : work.message.size()) + LONGEST_TEXT);
    }

    /** Only the process whose handler failed knows the text. A message that was dead-lettered before has the headers of that. */
    private static void setFailure(Headers.Builder headers, Work work) {
        String failed = work.deadCause == null ? null : work.deadCause.failure();
        headers.remove(WireHeaders.DEAD_LETTER_CAUSE);
        headers.remove(WireHeaders.DEAD_LETTER_MESSAGE);
        if (failed == null) {
            return;
        }
        headers.set(WireHeaders.DEAD_LETTER_CAUSE, failed);
        Throwable failure = work.failure;
        if (failure != null && failure.getClass().getName().equals(failed)) {
            headers.set(WireHeaders.DEAD_LETTER_MESSAGE, shortened(String.valueOf(ThrowableText.message(failure))));
        }
    }

    private String letterId(Identity identity) {
        return DerivedIds.ofDeadLetter(
                identity.scope(),
                identity.id(),
                spec.rememberedGroup(),
                identity.generation(),
                spec.deadLetterDestination());
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }
}
