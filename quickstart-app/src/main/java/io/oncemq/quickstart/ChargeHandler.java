package io.oncemq.quickstart;

import io.oncemq.Delivery;
import io.oncemq.MessageHandler;
import io.oncemq.testkit.history.EffectLedger;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Charges an order: some work, the effect, some work. So a process that is killed while busy dies with effects that are not
 * stored as done.
 */
final class ChargeHandler implements MessageHandler<Order> {
    private static final Duration WORK = Duration.ofMillis(1);
    private static final int FORGETS_ONE_OF = 500;

    private final ConsumerVariant variant;
    private final Journal journal;
    private final EffectLedger ledger;

    ChargeHandler(ConsumerSpec spec, Journal journal) {
        this.variant = spec.variant();
        this.journal = journal;
        this.ledger = EffectLedger.open(spec.ledger());
    }

    @Override
    public void handle(Delivery<Order> delivery) {
        journal.tell(Journal.Kind.HANDLING, delivery.id());
        Order order = Objects.requireNonNull(delivery.body(), "an order has a body");
        LockSupport.parkNanos(WORK.toNanos());
        if (!delivery.isOwned()) {
            throw new IllegalStateException("another process has taken over");
        }
        if (variant != ConsumerVariant.FORGETFUL || delivery.id().hashCode() % FORGETS_ONE_OF != 0) {
            ledger.effect(order.key(), delivery.id(), order.sequence(), delivery.attempt(), token(delivery));
        }
        LockSupport.parkNanos(WORK.toNanos());
    }

    private static @Nullable Long token(Delivery<Order> delivery) {
        OptionalLong token = delivery.fencingToken();
        return token.isPresent() ? token.getAsLong() : null;
    }
}
