package io.oncemq.core.consume;

import io.oncemq.Receipt;
import io.oncemq.core.Cluster;
import io.oncemq.core.Events;
import io.oncemq.core.LoopThreads;
import io.oncemq.core.Observers;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.OutboundFrame;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the subscriptions of one client share.
 *
 * @param processId random per client; half of every owner's name
 * @param deadLetterPublisher publishes a frame without ever blocking
 * @param deadLetterAbandoned told destination and id of one that will not be published again
 * @param requireOpen throws {@link io.oncemq.ClientClosedException} once the client is closed
 * @param closed told when a subscription has ended for good
 */
public record EngineContext(
        BrokerTransport transport,
        Cluster cluster,
        @Nullable IdempotencyStore store,
        Events events,
        Observers observers,
        long processId,
        boolean virtualThreads,
        LoopThreads loops,
        Function<OutboundFrame, CompletableFuture<Receipt>> deadLetterPublisher,
        BiConsumer<String, String> deadLetterAbandoned,
        Executor republisher,
        LongSupplier ticker,
        Clock clock,
        Runnable requireOpen,
        Consumer<EngineSubscription> closed) {}
