package io.oncemq.core.consume;

import io.oncemq.ClientClosedException;
import io.oncemq.ConfigurationException;
import io.oncemq.MessageInterceptor.Handling;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishRejectedException;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import io.oncemq.core.DerivedIds;
import io.oncemq.core.ThrowableText;
import io.oncemq.core.publish.EngineBacked;
import io.oncemq.core.publish.EnginePublisher;
import io.oncemq.spi.SendOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a handler derived from one delivery. They are published when the handler has succeeded, under ids made
 * from the delivery's, and again under the same ids until each is confirmed or refused for good.
 */
final class DerivedMessages {
    private static final long PAUSE_MILLIS = 200;

    private record Name(String destination, String name) {}

    private record Derived<R>(EnginePublisher<R> publisher, OutboundMessage<R> message, String id) {
        CompletableFuture<Receipt> publish() {
            return publisher.publishDerived(message, id);
        }
    }

    private final Work work;
    private final String group;
    private final Executor republisher;
    private final Map<Name, Derived<?>> messages = new LinkedHashMap<>();
    private final CompletableFuture<@Nullable Void> confirmed = new CompletableFuture<>();

    DerivedMessages(Work work, String group, Executor republisher) {
        this.work = work;
        this.group = group;
        this.republisher = republisher;
    }

    /** @param deliveryKey the key of the delivery, for a message that has none of its own */
    <R> void add(Publisher<R> publisher, String name, OutboundMessage<R> given, @Nullable String deliveryKey) {
        if (!(publisher instanceof EngineBacked<R> ours)) {
            throw new ConfigurationException(
                    "Delivery.publishOnSuccess",
                    publisher.getClass().getName(),
                    "is not a publisher of this library",
                    "Pass what MessagingClient.publisher returned");
        }
        if (given.hasGivenId()) {
            throw new ConfigurationException(
                    "Delivery.publishOnSuccess",
                    given.id(),
                    "a derived message carries an id of its own",
                    "Leave the id out; it is made from the delivery's");
        }
        EnginePublisher<R> engine = ours.engine();
        OutboundMessage<R> message = withKey(given, deliveryKey);
        engine.check(message);
        Identity input = work.identity;
        String id = DerivedIds.of(input.scope(), input.id(), group, input.generation(), publisher.destination(), name);
        Name place = new Name(publisher.destination(), name);
        if (messages.putIfAbsent(place, new Derived<>(engine, message, id)) != null) {
            throw new ConfigurationException(
                    "Delivery.publishOnSuccess",
                    publisher.destination() + (name.isEmpty() ? "" : "/" + name),
                    "already has a derived message of this delivery",
                    "Give the second one a name of its own");
        }
    }

    /** A priority excludes a key. */
    private static <R> OutboundMessage<R> withKey(OutboundMessage<R> given, @Nullable String deliveryKey) {
        SendOptions options = given.options();
        if (deliveryKey == null || given.key() != null || given.isWithoutKey()) {
            return given;
        }
        return options != null && options.priority() != null ? given : given.key(deliveryKey);
    }

    /**
     * Publishes all in the order in which they were added. May block at the publishers' bounds.
     *
     * @param handling the attempt within which the calling thread works, and another one will if a message must be sent again; or null
     */
    void send(@Nullable Handling handling) {
        CompletableFuture<?>[] all = messages.values().stream()
                .map(derived -> until(derived, derived::publish, handling))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).whenComplete((none, failure) -> {
            if (failure == null) {
                confirmed.complete(null);
            } else {
                confirmed.completeExceptionally(unwrap(failure));
            }
        });
    }

    /** Completes when all are confirmed, or one is refused for good. */
    CompletableFuture<@Nullable Void> confirmed() {
        return confirmed;
    }

    /** {@code ended} hears null once all are confirmed, else what was refused for good. */
    void whenConfirmed(Consumer<@Nullable Throwable> ended) {
        confirmed.whenComplete((none, failure) -> ended.accept(failure == null ? null : unwrap(failure)));
    }

    private CompletableFuture<Receipt> until(
            Derived<?> derived, Supplier<CompletableFuture<Receipt>> publish, @Nullable Handling handling) {
        CompletableFuture<Receipt> attempt;
        try {
            attempt = publish.get();
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(ThrowableText.readable(e));
        }
        return attempt.exceptionallyCompose(failure -> {
            Throwable cause = unwrap(failure);
            if (isFinal(cause) || work.shard.gone) {
                derived.publisher().abandon(derived.id());
                return CompletableFuture.failedFuture(cause);
            }
            Executor later = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, republisher);
            return CompletableFuture.supplyAsync(() -> until(derived, () -> within(handling, derived), handling), later)
                    .thenCompose(again -> again);
        });
    }

    private static CompletableFuture<Receipt> within(@Nullable Handling handling, Derived<?> derived) {
        if (handling == null) {
            return derived.publish();
        }
        handling.enter();
        try {
            return derived.publish();
        } finally {
            handling.leave();
        }
    }

    private static boolean isFinal(Throwable failure) {
        if (failure instanceof PublishRejectedException rejected) {
            return switch (rejected.reason()) {
                case NOT_ATTEMPTED, KEY_FROZEN -> false;
                case REFUSED, UNROUTABLE, TOO_LARGE, UNAUTHORIZED -> true;
            };
        }
        return failure instanceof ClientClosedException || failure instanceof io.oncemq.CodecException;
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
