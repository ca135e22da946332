package io.oncemq;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of one publisher. Defaults: 10,000 messages and 32 MiB in flight, a deadline of 30 s, the first number of partitions seen, futures
 * complete on a thread of the client. Immutable.
 */
public final class PublisherOptions {
    private static final PublisherOptions DEFAULTS = builder().build();

    private final int maxInFlight;
    private final long maxInFlightBytes;
    private final Duration deadline;
    private final int partitions;
    private final @Nullable Executor completeOn;

    private PublisherOptions(Builder builder) {
        this.maxInFlight = builder.maxInFlight;
        this.maxInFlightBytes = builder.maxInFlightBytes;
        this.deadline = builder.deadline;
        this.partitions = builder.partitions;
        this.completeOn = builder.completeOn;
    }

    public static PublisherOptions defaults() {
        return DEFAULTS;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        Builder builder = builder()
                .maxInFlight(maxInFlight)
                .maxInFlightBytes(maxInFlightBytes)
                .deadline(deadline)
                .partitions(partitions);
        builder.completeOn = completeOn;
        return builder;
    }

    /** Messages handed to {@code publish} whose outcome is open. */
    public int maxInFlight() {
        return maxInFlight;
    }

    /** The sum of their keys, headers and bodies. */
    public long maxInFlightBytes() {
        return maxInFlightBytes;
    }

    /** From the call of {@code publish} to the outcome. */
    public Duration deadline() {
        return deadline;
    }

    /** The number of partitions over which keys are placed; 0 keeps the first number seen. */
    public int partitions() {
        return partitions;
    }

    /** Where futures complete; null is one thread of the client. */
    public @Nullable Executor completeOn() {
        return completeOn;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PublisherOptions that
                && maxInFlight == that.maxInFlight
                && maxInFlightBytes == that.maxInFlightBytes
                && deadline.equals(that.deadline)
                && partitions == that.partitions
                && Objects.equals(completeOn, that.completeOn);
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxInFlight, maxInFlightBytes, deadline, partitions, completeOn);
    }

    @Override
    public String toString() {
        return "PublisherOptions[maxInFlight=" + maxInFlight + ", maxInFlightBytes=" + maxInFlightBytes + ", deadline="
                + deadline + ", partitions=" + partitions + ", completeOn=" + completeOn + "]";
    }

    /** Sets what differs from the defaults. Not thread-safe. */
    public static final class Builder {
        private int maxInFlight = 10_000;
        private long maxInFlightBytes = 32L << 20;
        private Duration deadline = Duration.ofSeconds(30);
        private int partitions;
        private @Nullable Executor completeOn;

        private Builder() {}

        /**
         * Messages handed to {@code publish} whose outcome is open. Half of it, and of the bytes, is divided among the partitions of the
         * destination, so that a partition whose messages are not confirmed leaves room for the others; the other half is shared.
         *
         * @throws ConfigurationException if it is below 1
         */
        public Builder maxInFlight(int messages) {
            if (messages < 1) {
                throw new ConfigurationException(
                        "PublisherOptions.maxInFlight", messages, "is below 1", "Use 1 or more");
            }
            this.maxInFlight = messages;
            return this;
        }

        /**
         * The sum of the keys, headers and bodies of open messages; one larger message is accepted alone.
         *
         * @throws ConfigurationException if it is below 1
         */
        public Builder maxInFlightBytes(long bytes) {
            if (bytes < 1) {
                throw new ConfigurationException(
                        "PublisherOptions.maxInFlightBytes", bytes, "is below 1", "Use for example 33554432");
            }
            this.maxInFlightBytes = bytes;
            return this;
        }

        /**
         * From the call of {@code publish} to the outcome; {@code publish} itself blocks at the bound for at most as long.
         *
         * @throws ConfigurationException if it is not between 100 ms and 30 minutes
         */
        public Builder deadline(Duration deadline) {
            if (deadline.compareTo(Duration.ofMillis(100)) < 0 || deadline.compareTo(Duration.ofMinutes(30)) > 0) {
                throw new ConfigurationException(
                        "PublisherOptions.deadline", deadline, "is out of range", "Use 100 ms to 30 minutes");
            }
            this.deadline = deadline;
            return this;
        }

        /**
         * The number of partitions over which keys are placed; 0 keeps the first number seen. While the broker has another one, messages with
         * a key are not sent; see {@link MessagingClient#acceptPartitions}.
         *
         * @throws ConfigurationException if it is negative
         */
        public Builder partitions(int partitions) {
            if (partitions < 0) {
                throw new ConfigurationException(
                        "PublisherOptions.partitions", partitions, "is negative", "Use 0 for the first number seen");
            }
            this.partitions = partitions;
            return this;
        }

        /**
         * Completes futures on an executor, so that their dependents may block, also for another publish. They complete in any order if it
         * has several threads. If it refuses a task, that future completes on the client's thread, on which nothing may block.
         */
        public Builder completeOn(Executor executor) {
            this.completeOn = Objects.requireNonNull(executor, "executor");
            return this;
        }

        public PublisherOptions build() {
            return new PublisherOptions(this);
        }
    }
}
