package io.oncemq.testkit.handler;

import io.oncemq.ClientClosedException;
import io.oncemq.ConfigurationException;
import io.oncemq.OutboundMessage;
import io.oncemq.Position;
import io.oncemq.PublishAttempt;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A publisher for unit tests: it sends nothing, records every message, and answers each at once as the test says. Without a word of the test
 * it confirms. A key is blocked after an unknown outcome, until the message is {@linkplain #republish published again} or {@linkplain
 * #abandon given up}, as with a real publisher. Bodies are not encoded. Thread-safe; no method blocks.
 */
public final class RecordingPublisher<T> implements Publisher<T> {
    private final String destination;
    private final List<OutboundMessage<T>> published = new ArrayList<>();
    private final List<OutboundMessage<T>> confirmed = new ArrayList<>();
    private final Deque<Answer> next = new ArrayDeque<>();
    /** The message that blocks a key, by its id. */
    private final Map<String, String> blocking = new HashMap<>();

    private Function<? super OutboundMessage<T>, Answer> answers = message -> Answer.confirmed();
    private long order;
    private boolean closed;

    private RecordingPublisher(String destination) {
        this.destination = destination;
    }

    /** A publisher that confirms everything. */
    public static <T> RecordingPublisher<T> to(String destination) {
        return new RecordingPublisher<>(destination);
    }

    /** Answers all further messages in this way. */
    public RecordingPublisher<T> answer(Answer answer) {
        return answer(message -> answer);
    }

    /** Asks the function, from now on, for the answer to each message. It must not call this publisher from another thread. */
    public synchronized RecordingPublisher<T> answer(Function<? super OutboundMessage<T>, Answer> decide) {
        answers = decide;
        return this;
    }

    /** Answers the next message in this way. Several calls are for several messages, in their order. */
    public synchronized RecordingPublisher<T> answerNext(Answer answer) {
        next.add(answer);
        return this;
    }

    /** All that was published, in its order, whatever its outcome; a message that was published again is there again. */
    public synchronized List<OutboundMessage<T>> published() {
        return List.copyOf(published);
    }

    /** Those that were confirmed, in the order of their confirms. */
    public synchronized List<OutboundMessage<T>> confirmed() {
        return List.copyOf(confirmed);
    }

    @Override
    public String destination() {
        return destination;
    }

    @Override
    public synchronized CompletableFuture<Receipt> publish(OutboundMessage<T> message) {
        return publish(message, ++order);
    }

    private CompletableFuture<Receipt> publish(OutboundMessage<T> message, long place) {
        if (closed) {
            throw new ClientClosedException("the publisher of " + destination + " is closed");
        }
        published.add(message);
        PublishAttempt attempt = new PublishAttempt(destination, message, place);
        if (isBlocked(message)) {
            String detail = "an earlier message of its key has an unknown outcome";
            return CompletableFuture.failedFuture(
                    new PublishRejectedException(message.id(), destination, Reason.KEY_FROZEN, detail, null, attempt));
        }
        String detail = "as the test asked for";
        Answer told = next.poll();
        Answer answer = told == null ? answers.apply(message) : told;
        if (answer instanceof Answer.Unknown) {
            String key = message.key();
            if (key != null) {
                blocking.put(key, message.id());
            }
            return CompletableFuture.failedFuture(
                    new PublishOutcomeUnknownException(message.id(), destination, detail, null, attempt));
        }
        abandon(message.id());
        if (answer instanceof Answer.Rejected rejected) {
            return CompletableFuture.failedFuture(
                    new PublishRejectedException(message.id(), destination, rejected.reason(), detail, null, attempt));
        }
        confirmed.add(message);
        return CompletableFuture.completedFuture(
                new Receipt(message.id(), destination, new Position("test", confirmed.size() - 1)));
    }

    private boolean isBlocked(OutboundMessage<T> message) {
        String key = message.key();
        String id = key == null ? null : blocking.get(key);
        return id != null && !id.equals(message.id());
    }

    @Override
    public synchronized List<CompletableFuture<Receipt>> publishAll(Collection<OutboundMessage<T>> messages) {
        List<CompletableFuture<Receipt>> futures = new ArrayList<>();
        for (OutboundMessage<T> message : messages) {
            futures.add(publish(message));
        }
        return futures;
    }

    @Override
    public synchronized List<CompletableFuture<Receipt>> republish(Collection<CompletableFuture<Receipt>> outcomes) {
        List<CompletableFuture<Receipt>> answered = new ArrayList<>(outcomes);
        Map<Integer, PublishAttempt> failed = new HashMap<>();
        for (int i = 0; i < answered.size(); i++) {
            PublishAttempt attempt = attempt(answered.get(i));
            if (attempt != null) {
                failed.put(i, own(attempt));
            }
        }
        failed.entrySet().stream()
                .sorted(Comparator.comparingLong(each -> each.getValue().order()))
                .forEach(each -> answered.set(each.getKey(), again(each.getValue())));
        return answered;
    }

    @SuppressWarnings("unchecked")
    private CompletableFuture<Receipt> again(PublishAttempt attempt) {
        return publish((OutboundMessage<T>) attempt.message(), attempt.order());
    }

    private PublishAttempt own(PublishAttempt attempt) {
        if (!attempt.destination().equals(destination)) {
            throw new ConfigurationException(
                    "Publisher.republish",
                    attempt.destination(),
                    "is not the destination of this publisher, " + destination,
                    "Use the publisher that published the message");
        }
        return attempt;
    }

    private static @Nullable PublishAttempt attempt(CompletableFuture<Receipt> outcome) {
        if (!outcome.isCompletedExceptionally() || outcome.isCancelled()) {
            return null;
        }
        Throwable failure = outcome.handle((receipt, thrown) -> thrown).join();
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof PublishRejectedException rejected) {
            return rejected.attempt();
        }
        return cause instanceof PublishOutcomeUnknownException unknown ? unknown.attempt() : null;
    }

    @Override
    public synchronized int blockedKeys() {
        return blocking.size();
    }

    /** Returns at once: each message has its outcome. */
    @Override
    public void flush() {
        // nothing is open
    }

    @Override
    public synchronized boolean abandon(String id) {
        return blocking.values().remove(id);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    @Override
    public void close(Duration deadline) {
        close();
    }

    @Override
    public synchronized String toString() {
        return "RecordingPublisher[" + destination + ", " + published.size() + " published]";
    }
}
