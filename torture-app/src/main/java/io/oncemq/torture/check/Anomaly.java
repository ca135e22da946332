package io.oncemq.torture.check;

/**
 * One breach of a rule.
 *
 * @param id of the message concerned; empty if there is none
 * @param process concerned; empty if there is none
 * @param nanos when
 */
public record Anomaly(Rule rule, String id, String process, long nanos, String text) {}
