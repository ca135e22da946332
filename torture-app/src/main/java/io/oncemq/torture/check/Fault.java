package io.oncemq.torture.check;

/**
 * Something that was done to the run.
 *
 * @param name in words, with its target
 * @param span from when to when; to the end of the history if it was never taken back
 */
record Fault(String name, Span span) {}
