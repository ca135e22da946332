package io.oncemq.testkit.kit.store;

/** What a fixture lets the kit do to its store; tests that need more are skipped, and the subclass says so. */
public enum StoreAbility {
    /** The store is reached over a port, so that a proxy can stand in between. */
    NETWORK,
    /** The server can be killed, started again on its data, and frozen. */
    OUTAGE,
    /** The server's data can be thrown away. */
    DATA_LOSS,
    /** What the server keeps in its memory can be measured. */
    MEMORY,
    /** Groups are divided into shards, and code is kept by the server. */
    SHARDS
}
