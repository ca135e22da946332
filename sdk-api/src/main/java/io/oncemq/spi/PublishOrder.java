package io.oncemq.spi;

/** What a broker promises about the order in which one session's messages of one key are stored. */
public enum PublishOrder {
    /**
     * What is stored of a key is a prefix of what was handed to the session, in that order: several may be open at once. The
     * session's own time-outs lie far above the engine's deadline, so it never gives one up and stores the next.
     */
    SESSION_PREFIX,
    /** Nothing (a queue broker may refuse the fifth and store the sixth): one unconfirmed message per key. */
    ONE_PER_KEY
}
