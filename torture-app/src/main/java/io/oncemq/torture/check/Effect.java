package io.oncemq.torture.check;

/** One effect. */
record Effect(long nanos, String process, long token) {}
