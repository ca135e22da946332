package io.oncemq;

import java.time.Duration;

/**
 * A subscription that is being configured; {@link #start} starts it. Required: group and handler. Defaults: concurrency 64; 10,000 messages
 * and 64 MiB in flight; {@link RetryPolicy#defaults}; {@link DeadLetterPolicy#defaults}; order per key; a new group starts at the earliest;
 * lost positions stop; leases of 30 s; a handler's claim is renewed for 5 minutes. Not thread-safe.
 */
public interface SubscriptionBuilder<T> {
    /** The logical subscriber; every process with the same group shares the work. Required. */
    SubscriptionBuilder<T> group(String group);

    /**
     * Lets every instance of the group handle every message, instead of sharing them. An instance is what keeps its name when it is
     * started again: a pod of a StatefulSet, a host. To broker and store each is a group of its own, {@code <group>@<instance>}, with
     * order, claims, retries and derived messages of its own; events and {@link Subscription#group} call it so. All write to the dead
     * letters of the group, {@code <destination>.<group>.dlq}, each for itself. Ensure the group with {@link
     * DestinationSpec.Builder#broadcast(String)}. Two processes of one name share the instance's work.
     *
     * <p>A new instance begins on a log where {@link #startAt} says, on a queue broker always with what is published after {@link
     * #start} has returned, which {@link MessagingEvent.BroadcastBegins} reports; so {@link StartPosition#LATEST} means the same on both.
     * An instance that comes back continues where it stopped, unless it was stopped for longer than the broker remembers it ({@code
     * Rabbit.keepInstancesFor}; Kafka's {@code offsets.retention.minutes}). After that it begins like a new one: <em>messages that were published
     * meanwhile are not delivered to it.</em>
     *
     * @param instance letters, digits, {@code -} and {@code _}, at most 100
     * @throws ConfigurationException if the name is not valid
     */
    SubscriptionBuilder<T> broadcast(String instance);

    /**
     * How many handlers, or stages, run at once in this process. With an idempotency store a message counts from the start of
     * its handler until it is stored as done, so this is also the most that a crash of the process can repeat. Quick handlers
     * want a high number, since DONE takes a round trip to the store; threads come only when handlers need them.
     */
    SubscriptionBuilder<T> concurrency(int handlers);

    /**
     * Messages in memory, received and not settled. At least {@code concurrency}. Half of it is divided among the partitions that
     * are assigned; the other half is for those that need more. So a partition that is stuck does not pause the others.
     */
    SubscriptionBuilder<T> maxInFlight(int messages);

    /** Their size; what one fetch brings may exceed it once. */
    SubscriptionBuilder<T> maxInFlightBytes(long bytes);

    SubscriptionBuilder<T> retry(RetryPolicy policy);

    SubscriptionBuilder<T> deadLetter(DeadLetterPolicy policy);

    SubscriptionBuilder<T> ordering(Ordering ordering);

    SubscriptionBuilder<T> crashPolicy(CrashPolicy policy);

    /**
     * For how long a claim holds without renewal; it is renewed at a third of it. When a process dies, its messages wait that
     * long for the next owner. 1 s to 10 minutes.
     */
    SubscriptionBuilder<T> lease(Duration lease);

    /** For how long after its start a handler's claim is renewed. */
    SubscriptionBuilder<T> handlerTimeout(Duration timeout);

    /**
     * How long a handover waits for running handlers before it interrupts them and gives their partition up. Below the broker's own
     * limit for a rebalance; 20 s by default.
     */
    SubscriptionBuilder<T> drainTimeout(Duration timeout);

    /** Where the group begins if it has no position yet; nothing moves a group that has one. */
    SubscriptionBuilder<T> startAt(StartPosition position);

    SubscriptionBuilder<T> onLostPositions(LostPositions policy);

    /**
     * Leaves out all messages but these, for the group and its replays. Every member needs the same filter: one that comes with another is
     * refused, by {@link Subscription.State#FAILED} when it finds the others. Only where the broker offers {@link Feature#FILTER}.
     */
    SubscriptionBuilder<T> filter(MessageFilter filter);

    /**
     * Makes this a replay instead of the group's live subscription, which it does not affect. It reads the messages that were there when it was
     * started, in order per key, then it emits {@link MessagingEvent.ReplayEnded} and closes by itself: {@link Subscription.State#CLOSED}
     * without a call of {@code close} means that all of it is settled. After a crash start it again under the same name. Several processes may
     * run it at once. Messages that fail finally go to the group's dead letters. Needs an idempotency store, and no {@link #startAt}.
     */
    SubscriptionBuilder<T> replay(Replay replay);

    /** The application's code for each message; it may throw. Replaces a handler that was set before. Required, or {@link #asyncHandler}. */
    @CheckReturnValue
    SubscriptionBuilder<T> handler(MessageHandler<T> handler);

    /** As {@link #handler}, for handlers that return a stage. A key waits until the stage of its message has completed. */
    @CheckReturnValue
    SubscriptionBuilder<T> asyncHandler(AsyncMessageHandler<T> handler);

    /**
     * Starts the subscription. Blocks until the broker and the store have answered.
     *
     * @throws ConfigurationException if a setting is missing, out of range or not offered by the broker, or the destination
     *     or its dead-letter destination does not exist; under {@link Profile#DURABLE} a {@link PreflightException} if one of
     *     them could lose messages
     */
    Subscription start();
}
