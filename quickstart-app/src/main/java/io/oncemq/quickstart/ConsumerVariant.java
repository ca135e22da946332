package io.oncemq.quickstart;

/** How the consumer processes behave. All but the first break a promise, which shows that the audit can fail. */
enum ConsumerVariant {
    HONEST,
    /** Runs without an idempotency store: injected duplicates have effect. */
    WITHOUT_STORE,
    /** Returns from some handlers without any effect: messages are lost. */
    FORGETFUL
}
