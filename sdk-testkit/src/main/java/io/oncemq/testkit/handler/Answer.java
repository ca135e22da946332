package io.oncemq.testkit.handler;

import io.oncemq.PublishRejectedException.Reason;

/** The outcome that a {@link RecordingPublisher} gives a message. Immutable. */
public sealed interface Answer {

    /** The future completes with a receipt. */
    static Answer confirmed() {
        return new Confirmed();
    }

    /** The future fails with a {@link io.oncemq.PublishRejectedException}: the message is certainly not stored. */
    static Answer rejected(Reason reason) {
        return new Rejected(reason);
    }

    /**
     * The future fails with a {@link io.oncemq.PublishOutcomeUnknownException}: the message may be stored. Its key is blocked, as a real
     * publisher does it.
     */
    static Answer unknown() {
        return new Unknown();
    }

    /** See {@link #confirmed}. */
    record Confirmed() implements Answer {}

    /** See {@link #rejected}. */
    record Rejected(Reason reason) implements Answer {}

    /** See {@link #unknown}. */
    record Unknown() implements Answer {}
}
