package io.oncemq;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of one publisher. Defaults: 10,000 messages and 32 MiB in flight, a deadline of 30 s.
 *
 * @param maxInFlight messages handed to {@code publish} whose outcome is open. Half of it, and of the bytes, is divided among the partitions of the
 *     destination, so that a partition whose messages are not confirmed leaves room for the others; the other half is shared
 * @param maxInFlightBytes the sum of their keys, headers and bodies; one larger message may fly alone
 * @param deadline from the call of {@code publish} to the outcome; {@code publish} itself blocks at the bound for at most
 *     as long
 * @param partitions the number of partitions, queues or shards over which keys are placed; 0 keeps the first number seen. While
 *     the broker has another one, messages with a key are not sent; see {@link MessagingClient#acceptPartitions}
 * @param completeOn where futures complete, in any order if it has several threads; null is one thread of the client, on which nothing
 *     may block. If it refuses a task, that future completes on the client's thread
 */
public record PublisherOptions(
        int maxInFlight,
        long maxInFlightBytes,
        Duration deadline,
        int partitions,
        @Nullable Executor completeOn) {
    public PublisherOptions {
        if (maxInFlight < 1) {
            throw new ConfigurationException(
                    "PublisherOptions.maxInFlight", maxInFlight, "is below 1", "Use 1 or more");
        }
        if (maxInFlightBytes < 1) {
            throw new ConfigurationException(
                    "PublisherOptions.maxInFlightBytes", maxInFlightBytes, "is below 1", "Use for example 33554432");
        }
        if (deadline.compareTo(Duration.ofMillis(100)) < 0 || deadline.compareTo(Duration.ofMinutes(30)) > 0) {
            throw new ConfigurationException(
                    "PublisherOptions.deadline", deadline, "is out of range", "Use 100 ms to 30 minutes");
        }
        if (partitions < 0) {
            throw new ConfigurationException(
                    "PublisherOptions.partitions", partitions, "is negative", "Use 0 for the first number seen");
        }
    }

    public static PublisherOptions defaults() {
        return new PublisherOptions(10_000, 32L << 20, Duration.ofSeconds(30), 0, null);
    }

    public PublisherOptions maxInFlight(int messages) {
        return new PublisherOptions(messages, maxInFlightBytes, deadline, partitions, completeOn);
    }

    public PublisherOptions maxInFlightBytes(long bytes) {
        return new PublisherOptions(maxInFlight, bytes, deadline, partitions, completeOn);
    }

    public PublisherOptions deadline(Duration deadline) {
        return new PublisherOptions(maxInFlight, maxInFlightBytes, deadline, partitions, completeOn);
    }

    public PublisherOptions partitions(int partitions) {
        return new PublisherOptions(maxInFlight, maxInFlightBytes, deadline, partitions, completeOn);
    }

    /** Completes futures on an executor, so that their dependents may block, also for another publish. */
    public PublisherOptions completeOn(Executor executor) {
        return new PublisherOptions(maxInFlight, maxInFlightBytes, deadline, partitions, executor);
    }
}
