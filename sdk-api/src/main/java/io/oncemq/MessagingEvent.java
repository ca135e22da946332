package io.oncemq;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event of a client, one of its publishers or one of its subscriptions. Events carry ids and places, never bodies or secrets. */
public sealed interface MessagingEvent {
    /** An event that concerns one destination. */
    sealed interface DestinationEvent extends MessagingEvent {
        String destination();
    }

    /** An event of a subscription: of one group on one destination. */
    sealed interface SubscriptionEvent extends DestinationEvent {
        String group();
    }

    /** A message was not handled because its id is known as done; it was acknowledged. */
    record DuplicateSuppressed(String destination, String group, String id, Position position)
            implements SubscriptionEvent {}

    /** A message has a known id and another payload than before: two events share an id. The message was not handled. */
    record IdReused(String destination, String group, String id, Position position) implements SubscriptionEvent {}

    /** A handler returned and its message is stored as done. */
    record DeliveryCompleted(String destination, String group, String id, int attempt, Duration handling)
            implements SubscriptionEvent {}

    /** A handler failed; its key waits for {@code delay} and tries again. */
    record DeliveryRetried(String destination, String group, String id, int attempt, Duration delay, Throwable cause)
            implements SubscriptionEvent {}

    /** The dead-letter destination confirmed a message; {@code cause} is the last failure, where one is known here. */
    record DeadLettered(
            String destination,
            String group,
            String id,
            String to,
            int attempts,
            String reason,
            @Nullable Throwable cause)
            implements SubscriptionEvent {}

    /** The dead-letter destination did not take a message: its key waits, and the message is dead-lettered again after a back-off. */
    record DeadLetterDelayed(String destination, String group, String id, String to, Throwable cause)
            implements SubscriptionEvent {}

    /**
     * The dead-letter destination does not take a message because of its size. {@link DeadLetterPolicy#tooLarge} decides whether its key is
     * held or a stub is dead-lettered. Emitted once per delivery.
     *
     * @param position of the message itself
     * @param size of its key, headers and body in bytes
     */
    record DeadLetterTooLarge(
            String destination,
            String group,
            String id,
            Position position,
            String to,
            int size,
            DeadLetterPolicy.TooLarge choice)
            implements SubscriptionEvent {}

    /** A handler returned after its lease had lapsed: LATE if no other owner had taken the claim over, STOLEN if one had. */
    record CompletionAlert(String destination, String group, String id, Kind kind) implements SubscriptionEvent {
        /** Whether another owner had the claim meanwhile. */
        public enum Kind {
            LATE,
            STOLEN
        }
    }

    /** A handler runs for longer than {@code handlerTimeout}; its claim is no longer renewed. */
    record HandlerOverrun(String destination, String group, String id, Duration running) implements SubscriptionEvent {}

    record PartitionsAssigned(String destination, String group, List<String> partitions) implements SubscriptionEvent {}

    /** Partitions went to another process after a drain. */
    record PartitionsRevoked(String destination, String group, List<String> partitions) implements SubscriptionEvent {}

    /** Partitions were lost without a drain: their running handlers were interrupted and nothing more is acknowledged. */
    record PartitionsLost(String destination, String group, List<String> partitions) implements SubscriptionEvent {}

    /** The position in a partition no longer exists on the broker; see {@link LostPositions}. */
    record PositionsLost(String destination, String group, String partition, String detail)
            implements SubscriptionEvent {}

    /**
     * An instance of a broadcast group begins with messages that are published from now on: the broker does not know it, because it is new
     * or was not connected for longer than the broker remembers it. Earlier messages are not delivered to it.
     *
     * @param group that of the instance
     */
    record BroadcastBegins(String destination, String group) implements SubscriptionEvent {}

    /** The destination was deleted and created again; its messages are read from the start. */
    record DestinationRecreated(String destination, String group, String detail) implements SubscriptionEvent {}

    /**
     * The broker refuses the credentials or rights of a running subscription. Nothing is received. The subscription tries again for
     * {@code patience}, since credentials may be changing, and then fails.
     */
    record AccessRefused(String destination, String group, Throwable cause, Duration patience)
            implements SubscriptionEvent {}

    /** The broker accepts the subscription's credentials and rights again. */
    record AccessRegained(String destination, String group) implements SubscriptionEvent {}

    /**
     * A running subscription, or one of its partitions, receives nothing because of an error. It tries again by itself, first after {@code
     * retryIn}, until it receives again ({@link SourceResumed}). Not emitted for {@link AccessRefused}, nor again for further errors of
     * the same kind.
     *
     * @param partition the partition or server, or null for the whole subscription
     */
    record SourceInterrupted(
            String destination, String group, @Nullable String partition, Throwable cause, Duration retryIn)
            implements SubscriptionEvent {}

    /**
     * An interrupted subscription or partition receives again.
     *
     * @param partition as in {@link SourceInterrupted}
     */
    record SourceResumed(
            String destination, String group, @Nullable String partition, Duration outage)
            implements SubscriptionEvent {}

    /** The store does not answer, or refuses for want of a right: intake is paused, and no message is handled without a claim. */
    record StoreUnavailable(String destination, String group, Throwable cause) implements SubscriptionEvent {}

    record StoreAvailable(String destination, String group, Duration outage) implements SubscriptionEvent {}

    /**
     * The store has lost its data, or a part of them: it restarted empty, was flushed, or failed over to a server that lacked
     * them. Ids that were done are forgotten, so duplicates of them may be handled again. No new claim is made
     * for {@code pause}, in which every process reports to the store what it still handles; then claiming continues by itself.
     */
    record StoreDataLost(String destination, String group, Duration pause) implements SubscriptionEvent {}

    /** Publishing to the destination is suspended after failures: messages wait until their deadline. */
    record PublishingSuspended(String destination, @Nullable Throwable cause) implements DestinationEvent {}

    record PublishingResumed(String destination) implements DestinationEvent {}

    /**
     * The broker takes no messages at the moment, for a reason of its own. Messages wait until their deadline. RabbitMQ reports a memory or
     * disk alarm, for all destinations; on Artemis an address is reported that has been full for two seconds; on RocketMQ a destination to
     * which one of its brokers has answered with nothing but its flow control for two seconds. Kafka and ActiveMQ Classic report nothing.
     * Emitted once until {@link PublishingUnblocked}, also where connections are replaced meanwhile.
     *
     * @param destination the blocked one, or null if all destinations of this client are
     * @param reason in the broker's words
     */
    record PublishingBlocked(@Nullable String destination, String reason) implements MessagingEvent {}

    /**
     * The broker takes messages again. After a connection was replaced it is emitted with the first confirmed message.
     *
     * @param destination as in {@link PublishingBlocked}
     * @param blocked for how long
     */
    record PublishingUnblocked(@Nullable String destination, Duration blocked) implements MessagingEvent {}

    /** The publishing client was replaced; unconfirmed messages were sent again in order with the same ids. */
    record PublishSessionReplaced(int resent, @Nullable Throwable cause) implements MessagingEvent {}

    /** A publish ended unknown; its key is blocked. */
    record PublishUnknown(
            String destination, String id, @Nullable String key) implements DestinationEvent {}

    /**
     * Keys of a destination are blocked: each has a message with an unknown outcome. Emitted for the first one, and each time that their
     * number has doubled. {@link Publisher#republish} unblocks them.
     */
    record KeysBlocked(String destination, int keys) implements DestinationEvent {}

    /** No key of the destination is blocked any more. */
    record KeysUnblocked(String destination) implements DestinationEvent {}

    /**
     * A continuation of a publish blocks the thread that completes futures, so no future of this client completes. Let
     * continuations that block run on an executor: {@link PublisherOptions#completeOn}.
     *
     * @param running for how long
     * @param where carries the stack of the blocked thread
     */
    record CompletionBlocked(Duration running, Throwable where) implements MessagingEvent {}

    /**
     * The broker's client does not return from a send, so this client sends nothing else meanwhile. Deadlines are still kept.
     *
     * @param destination of the message
     * @param running for how long
     * @param where carries the stack of the blocked thread
     */
    record SendBlocked(String destination, Duration running, Throwable where) implements DestinationEvent {}

    /**
     * Settings of the broker or the store do not meet {@link Profile#DURABLE}, and the client continues: in {@link Profile#DEV}, or
     * because they are only advice or were accepted unchecked. Emitted at the start for the servers, and once for each destination.
     */
    record PreflightFindings(Profile profile, List<Finding> findings) implements MessagingEvent {
        public PreflightFindings {
            findings = List.copyOf(findings);
        }
    }

    /**
     * A group read a destination at other addresses before, none of which this client has, and the broker has no identity that shows
     * whether both are one cluster. If they are two clusters, messages with equal ids suppress each other: give each a {@link
     * MessagingClientBuilder#clusterName} of its own. If they are one, call {@link MessagingClientBuilder#acceptCluster} with {@code
     * identity} once. Emitted at each start of a subscription until then.
     *
     * @param identity kind of broker and addresses of this client, such as {@code rabbitmq:rabbit-b:5672}
     * @param known the kind of broker and the addresses of the client that came first
     */
    record AnotherClusterSuspected(String destination, String group, String identity, String known)
            implements SubscriptionEvent {}

    /**
     * The number of a destination's partitions has changed. Messages with a key are not sent there until the change is accepted, see {@link
     * MessagingClient#acceptPartitions}.
     */
    record PartitionsChanged(String destination, int before, int now) implements DestinationEvent {}

    /**
     * A destination has as many partitions as before, but in other places (RocketMQ: other numbers of queues per broker). Messages with a key
     * are not sent there until the change is accepted by {@link MessagingClient#acceptPartitions} with that number, or by {@link
     * MessagingClient#ensure}.
     *
     * @param before where keys are placed, such as {@code broker-a:4;broker-b:4}
     * @param now where the partitions are
     */
    record PartitionsMoved(String destination, int partitions, String before, String now) implements DestinationEvent {}

    /** Keys are placed over {@code partitions} partitions, where the broker has them now, from now on. */
    record PartitionsAccepted(String destination, int partitions) implements DestinationEvent {}

    /**
     * A change that {@link PartitionsChanged} or {@link PartitionsMoved} reported was taken back before it was accepted: the broker again has
     * the partitions over which keys are placed. Messages with a key that waited are sent.
     *
     * @param partitions the number over which keys are placed, as before the change
     */
    record PartitionsRestored(String destination, int partitions) implements DestinationEvent {}

    /**
     * A replay has read and settled all messages that were there when it was started in this process; its subscription closes. Other processes
     * of the replay may have handled some of them.
     *
     * @param group the reader, as in every event of a replay: {@link Replay#reader}
     */
    record ReplayEnded(String destination, String group, Replay replay) implements SubscriptionEvent {}

    /** A subscription stopped by itself. */
    record SubscriptionFailed(String destination, String group, Throwable cause) implements SubscriptionEvent {}

    /** A subscription that had failed was started again, see {@link Subscription#restart}. */
    record SubscriptionRestarted(String destination, String group) implements SubscriptionEvent {}
}
