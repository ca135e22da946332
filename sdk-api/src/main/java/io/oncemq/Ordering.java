package io.oncemq;

/** In which order a subscription handles messages. */
public enum Ordering {
    /** One after another for each key; keys are independent of one another. */
    PER_KEY,
    /** In no order: each message is a lane of its own. */
    UNORDERED
}
