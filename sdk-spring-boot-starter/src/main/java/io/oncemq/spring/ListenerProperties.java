package io.oncemq.spring;

import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy.OnExhausted;
import io.oncemq.DeadLetterPolicy.TooLarge;
import io.oncemq.LostPositions;
import io.oncemq.Ordering;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/** The settings of a listener; what is not set is left to the annotation or the default. */
public class ListenerProperties {
    /** Name of the client that it belongs to; the default client without it. */
    private @Nullable String client;

    /** The destination that it reads. */
    private @Nullable String destination;

    /** The logical subscriber. */
    private @Nullable String group;

    /** Whether it starts with the application. Default: true. */
    private @Nullable Boolean autoStartup;

    /** Whether a listener that has failed is started again by itself, with a growing back-off. Default: true. */
    private @Nullable Boolean restart;

    /** Wait before the first restart; it doubles while restarts fail. Default: 1 s. */
    private @Nullable Duration restartInitialDelay;

    /** Longest wait between two restarts. Default: 1 minute. */
    private @Nullable Duration restartMaxDelay;

    /** Handlers at once in this process. Default: 64. */
    private @Nullable Integer concurrency;

    /** Messages received and not settled. Default: 10000. */
    private @Nullable Integer maxInFlight;

    /** Size of the messages received and not settled. Default: 64MB. */
    private @Nullable DataSize maxInFlightBytes;

    /** Which order is kept. Default: PER_KEY. */
    private @Nullable Ordering ordering;

    /** What becomes of a message that a dead process may have handled. Default: REPROCESS. */
    private @Nullable CrashPolicy crashPolicy;

    /** How long the messages of a dead process wait for the next owner. Default: 30 s. */
    private @Nullable Duration lease;

    /** How long a claim is renewed for one run of the handler. Default: 5 minutes. */
    private @Nullable Duration handlerTimeout;

    /** How long a handover waits for running handlers. Default: 20 s. */
    private @Nullable Duration drainTimeout;

    /** Where a new group begins: earliest (default), latest, or an instant such as 2026-01-31T00:00:00Z. */
    private @Nullable String startAt;

    /** What to do when retention has overtaken the group. Default: STOP. */
    private @Nullable LostPositions onLostPositions;

    /** Name of this instance, if every instance of the group shall handle every message. */
    private @Nullable String broadcast;

    /** Where dead letters go. Default: DESTINATION.GROUP.dlq. */
    private @Nullable String deadLetter;

    /** What becomes of a message that the dead-letter destination refuses because of its size. Default: HOLD. */
    private @Nullable TooLarge deadLetterTooLarge;

    /** What becomes of a message whose attempts are spent. Default: DEAD_LETTER. */
    private @Nullable OnExhausted onExhausted;

    /** Which messages the group wants, where the broker can leave out the others. */
    @NestedConfigurationProperty
    private final FilterProperties filter = new FilterProperties();

    /** When a failed delivery is handled again. */
    @NestedConfigurationProperty
    private final RetryProperties retry = new RetryProperties();

    public @Nullable String getClient() {
        return client;
    }

    public void setClient(@Nullable String client) {
        this.client = client;
    }

    public @Nullable String getDestination() {
        return destination;
    }

    public void setDestination(@Nullable String destination) {
        this.destination = destination;
    }

    public @Nullable String getGroup() {
        return group;
    }

    public void setGroup(@Nullable String group) {
        this.group = group;
    }

    public @Nullable Boolean getAutoStartup() {
        return autoStartup;
    }

    public void setAutoStartup(@Nullable Boolean autoStartup) {
        this.autoStartup = autoStartup;
    }

    public @Nullable Boolean getRestart() {
        return restart;
    }

    public void setRestart(@Nullable Boolean restart) {
        this.restart = restart;
    }

    public @Nullable Duration getRestartInitialDelay() {
        return restartInitialDelay;
    }

    public void setRestartInitialDelay(@Nullable Duration restartInitialDelay) {
        this.restartInitialDelay = restartInitialDelay;
    }

    public @Nullable Duration getRestartMaxDelay() {
        return restartMaxDelay;
    }

    public void setRestartMaxDelay(@Nullable Duration restartMaxDelay) {
        this.restartMaxDelay = restartMaxDelay;
    }

    public @Nullable TooLarge getDeadLetterTooLarge() {
        return deadLetterTooLarge;
    }

    public void setDeadLetterTooLarge(@Nullable TooLarge deadLetterTooLarge) {
        this.deadLetterTooLarge = deadLetterTooLarge;
    }

    public @Nullable Integer getConcurrency() {
        return concurrency;
    }

    public void setConcurrency(@Nullable Integer concurrency) {
        this.concurrency = concurrency;
    }

    public @Nullable Integer getMaxInFlight() {
        return maxInFlight;
    }

    public void setMaxInFlight(@Nullable Integer maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public @Nullable DataSize getMaxInFlightBytes() {
        return maxInFlightBytes;
    }

    public void setMaxInFlightBytes(@Nullable DataSize maxInFlightBytes) {
        this.maxInFlightBytes = maxInFlightBytes;
    }

    public @Nullable Ordering getOrdering() {
        return ordering;
    }

    public void setOrdering(@Nullable Ordering ordering) {
        this.ordering = ordering;
    }

    public @Nullable CrashPolicy getCrashPolicy() {
        return crashPolicy;
    }

    public void setCrashPolicy(@Nullable CrashPolicy crashPolicy) {
        this.crashPolicy = crashPolicy;
    }

    public @Nullable Duration getLease() {
        return lease;
    }

    public void setLease(@Nullable Duration lease) {
        this.lease = lease;
    }

    public @Nullable Duration getHandlerTimeout() {
        return handlerTimeout;
    }

    public void setHandlerTimeout(@Nullable Duration handlerTimeout) {
        this.handlerTimeout = handlerTimeout;
    }

    public @Nullable Duration getDrainTimeout() {
        return drainTimeout;
    }

    public void setDrainTimeout(@Nullable Duration drainTimeout) {
        this.drainTimeout = drainTimeout;
    }

    public @Nullable String getStartAt() {
        return startAt;
    }

    public void setStartAt(@Nullable String startAt) {
        this.startAt = startAt;
    }

    public @Nullable LostPositions getOnLostPositions() {
        return onLostPositions;
    }

    public void setOnLostPositions(@Nullable LostPositions onLostPositions) {
        this.onLostPositions = onLostPositions;
    }

    public @Nullable String getBroadcast() {
        return broadcast;
    }

    public void setBroadcast(@Nullable String broadcast) {
        this.broadcast = broadcast;
    }

    public @Nullable String getDeadLetter() {
        return deadLetter;
    }

    public void setDeadLetter(@Nullable String deadLetter) {
        this.deadLetter = deadLetter;
    }

    public @Nullable OnExhausted getOnExhausted() {
        return onExhausted;
    }

    public void setOnExhausted(@Nullable OnExhausted onExhausted) {
        this.onExhausted = onExhausted;
    }

    public FilterProperties getFilter() {
        return filter;
    }

    public RetryProperties getRetry() {
        return retry;
    }
}
