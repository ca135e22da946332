package io.oncemq.micrometer;

import io.oncemq.DeadLetterPolicy.TooLarge;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.CompletionAlert.Kind;
import io.oncemq.Position;
import java.time.Duration;
import java.util.List;

/** One event of each kind that a meter counts, of one group. */
final class Events {
    private static final String ORDERS = "orders";
    private static final String BILLING = "billing";
    private static final Position PLACE = new Position("orders-0", 7);
    private static final RuntimeException CAUSE = new IllegalStateException("4711");

    static final List<MessagingEvent> ALL = List.of(
            new MessagingEvent.DeliveryCompleted(ORDERS, BILLING, "1", 1, Duration.ZERO),
            new MessagingEvent.DuplicateSuppressed(ORDERS, BILLING, "1", PLACE),
            new MessagingEvent.IdReused(ORDERS, BILLING, "1", PLACE),
            new MessagingEvent.DeliveryRetried(ORDERS, BILLING, "1", 1, Duration.ZERO, CAUSE),
            new MessagingEvent.DeadLettered(ORDERS, BILLING, "1", "dlq", 1, "in-doubt", null),
            new MessagingEvent.DeadLetterDelayed(ORDERS, BILLING, "1", "dlq", CAUSE),
            new MessagingEvent.DeadLetterTooLarge(ORDERS, BILLING, "1", PLACE, "dlq", 9, TooLarge.STUB),
            new MessagingEvent.DestinationRecreated(ORDERS, BILLING, "another id"),
            new MessagingEvent.AnotherClusterSuspected(ORDERS, BILLING, "rabbitmq:b:1", "rabbitmq:a:1"),
            new MessagingEvent.SendBlocked(ORDERS, Duration.ofSeconds(5), CAUSE),
            new MessagingEvent.CompletionBlocked(Duration.ofSeconds(5), CAUSE),
            new MessagingEvent.CompletionAlert(ORDERS, BILLING, "1", Kind.LATE),
            new MessagingEvent.HandlerOverrun(ORDERS, BILLING, "1", Duration.ofMinutes(5)),
            new MessagingEvent.PartitionsAssigned(ORDERS, BILLING, List.of("orders-0")),
            new MessagingEvent.PartitionsRevoked(ORDERS, BILLING, List.of("orders-0")),
            new MessagingEvent.PartitionsLost(ORDERS, BILLING, List.of("orders-0")),
            new MessagingEvent.PositionsLost(ORDERS, BILLING, "orders-0", "retention"),
            new MessagingEvent.StoreUnavailable(ORDERS, BILLING, CAUSE),
            new MessagingEvent.StoreAvailable(ORDERS, BILLING, Duration.ofSeconds(1)),
            new MessagingEvent.StoreDataLost(ORDERS, BILLING, Duration.ofSeconds(1)),
            new MessagingEvent.AccessRefused(ORDERS, BILLING, CAUSE, Duration.ofSeconds(1)),
            new MessagingEvent.AccessRegained(ORDERS, BILLING),
            new MessagingEvent.SourceInterrupted(ORDERS, BILLING, null, CAUSE, Duration.ofSeconds(1)),
            new MessagingEvent.SourceResumed(ORDERS, BILLING, "orders-0", Duration.ofSeconds(1)),
            new MessagingEvent.SubscriptionFailed(ORDERS, BILLING, CAUSE),
            new MessagingEvent.SubscriptionRestarted(ORDERS, BILLING),
            new MessagingEvent.PublishingSuspended(ORDERS, CAUSE),
            new MessagingEvent.PublishingResumed(ORDERS),
            new MessagingEvent.PublishingBlocked(null, "low on memory"),
            new MessagingEvent.PublishingUnblocked(null, Duration.ofSeconds(1)),
            new MessagingEvent.PartitionsChanged(ORDERS, 3, 4),
            new MessagingEvent.PartitionsMoved(ORDERS, 4, "a:2;b:2", "a:3;b:1"),
            new MessagingEvent.PartitionsAccepted(ORDERS, 4),
            new MessagingEvent.PartitionsRestored(ORDERS, 4),
            new MessagingEvent.PublishSessionReplaced(2, CAUSE));

    private Events() {}
}
