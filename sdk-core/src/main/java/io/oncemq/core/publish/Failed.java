package io.oncemq.core.publish;

import io.oncemq.ConfigurationException;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishAttempt;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.Receipt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A publish that was not confirmed, and the places at which its future stands in a list.
 *
 * @param isUnknown whether it may be stored
 */
record Failed(PublishAttempt attempt, boolean isUnknown, List<Integer> places) {
    private record Name(long order, String id) {}

    /**
     * Those among futures that failed, in the order of their first publishing.
     *
     * @throws ConfigurationException if one was published to another destination
     */
    static List<Failed> of(List<CompletableFuture<Receipt>> outcomes, String destination) {
        Map<Name, Failed> found = new LinkedHashMap<>();
        for (int place = 0; place < outcomes.size(); place++) {
            Throwable failure = failure(outcomes.get(place));
            PublishAttempt attempt = attempt(failure);
            if (attempt == null) {
                continue;
            }
            if (!attempt.destination().equals(destination)) {
                throw new ConfigurationException(
                        "Publisher.republish",
                        attempt.message().id(),
                        "was published to " + attempt.destination() + ", and this publisher is for " + destination,
                        "Hand it to a publisher for " + attempt.destination());
            }
            boolean unknown = failure instanceof PublishOutcomeUnknownException;
            found.merge(
                    new Name(attempt.order(), attempt.message().id()),
                    new Failed(attempt, unknown, List.of(place)),
                    Failed::with);
        }
        return found.values().stream()
                .sorted(Comparator.comparingLong(Failed::order))
                .toList();
    }

    @SuppressWarnings("unchecked")
    static <T> List<OutboundMessage<T>> messages(List<Failed> failed) {
        return failed.stream()
                .map(one -> (OutboundMessage<T>) one.attempt.message())
                .toList();
    }

    private Failed with(Failed other) {
        List<Integer> all = new ArrayList<>(places);
        all.addAll(other.places);
        return new Failed(attempt, isUnknown || other.isUnknown, all);
    }

    long order() {
        return attempt.order();
    }

    private static @Nullable PublishAttempt attempt(@Nullable Throwable failure) {
        if (failure instanceof PublishOutcomeUnknownException unknown) {
            return unknown.attempt();
        }
        return failure instanceof PublishRejectedException rejected ? rejected.attempt() : null;
    }

    private static @Nullable Throwable failure(CompletableFuture<Receipt> outcome) {
        if (outcome instanceof PublishFuture own) {
            return own.failure();
        }
        if (!outcome.isCompletedExceptionally()) {
            return null;
        }
        try {
            outcome.getNow(null);
            return null;
        } catch (CompletionException | CancellationException e) {
            return unwrapped(e);
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }
}
