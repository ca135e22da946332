package io.oncemq.quickstart;

/**
 * One entry of the ledger.
 *
 * @param process the operating system's id of the consumer process that wrote it
 * @param sequence the message's place within its key, as its body says
 * @param nanos when, by the machine's monotonic clock, which is the same for all its processes
 */
record Effect(String id, String key, long sequence, long process, long nanos) {}
