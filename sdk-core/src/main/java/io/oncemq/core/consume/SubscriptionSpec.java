package io.oncemq.core.consume;

import io.oncemq.ConfigurationException;
import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DestinationSpec;
import io.oncemq.LostPositions;
import io.oncemq.MessageFilter;
import io.oncemq.Ordering;
import io.oncemq.Replay;
import io.oncemq.RetryPolicy;
import io.oncemq.StartPosition;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription was configured with, checked.
 *
 * @param group the one that broker and store know; of an instance of a broadcast group, that of the instance
 * @param namespace that of the transport
 * @param scope of messages that carry neither a scope nor a source
 * @param broadcastOf the group of that instance, or null
 */
record SubscriptionSpec(
        String destination,
        String group,
        String namespace,
        String scope,
        @Nullable String broadcastOf,
        int concurrency,
        int maxInFlight,
        long maxInFlightBytes,
        RetryPolicy retry,
        DeadLetterPolicy deadLetter,
        Ordering ordering,
        CrashPolicy crashPolicy,
        Duration lease,
        Duration handlerTimeout,
        Duration drainTimeout,
        StartPosition startAt,
        LostPositions onLost,
        @Nullable Replay replay,
        @Nullable MessageFilter filter) {

    /**
     * Under QUARANTINE a failed or unfinished attempt must never run again, so each ends in the dead letter.
     *
     * @throws ConfigurationException if the two contradict each other
     */
    static void requireConsistent(CrashPolicy crashPolicy, DeadLetterPolicy deadLetter) {
        if (crashPolicy == CrashPolicy.QUARANTINE && deadLetter.onExhausted() == DeadLetterPolicy.OnExhausted.BLOCK) {
            throw new ConfigurationException(
                    "crashPolicy",
                    crashPolicy,
                    "contradicts deadLetter = block(): block() runs a failed message again without end, and QUARANTINE"
                            + " never runs a message again that may have had its effect",
                    "Use a dead-letter destination with QUARANTINE, or crashPolicy(REPROCESS) with block()");
        }
    }

    /** Who reads, as broker and events know it. Claims and dead letters are the group's, whoever reads. */
    String reader() {
        return replay == null ? group : replay.reader(group);
    }

    /** Without an instance: what the application calls its group. */
    String configuredGroup() {
        return broadcastOf == null ? group : broadcastOf;
    }

    /** What is added to the scope of every message, or null. */
    @Nullable
    String generation() {
        return replay != null && replay.kind() == Replay.Kind.AGAIN ? replay.name() : null;
    }

    StartPosition from() {
        return replay == null ? startAt : replay.from();
    }

    /** The group in what outlives this broker: records of the store and derived ids. No group has the separator in it. */
    String rememberedGroup() {
        return namespace.isEmpty() ? group : namespace + '\u001f' + group;
    }

    String deadLetterDestination() {
        String to = deadLetter.destination();
        return to != null ? to : DestinationSpec.deadLetterName(destination, configuredGroup());
    }

    boolean deadLetters() {
        return deadLetter.onExhausted() == DeadLetterPolicy.OnExhausted.DEAD_LETTER;
    }

    boolean quarantines() {
        return crashPolicy == CrashPolicy.QUARANTINE;
    }

    /** How much of the in-flight bound one key may hold before its shard is paused. */
    int keyShare() {
        return Math.max(2, maxInFlight / 4);
    }

    /** How many messages are claimed ahead, see {@link ClaimWindow}: what a member that dies keeps from the others for a lease. */
    int claimsAhead() {
        return Math.max(512, 4 * concurrency);
    }

    /** Settled messages behind an unsettled one that a shard may remember. */
    int maxUncommitted() {
        return Math.max(100_000, 10 * maxInFlight);
    }
}
