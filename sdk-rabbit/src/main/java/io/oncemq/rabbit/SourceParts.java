package io.oncemq.rabbit;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What the sources of one client share.
 *
 * @param waiters runs what waits for the server or for handlers; as many threads as there are such tasks, and none else
 * @param openers runs what waits for queues that could not be opened before: a few threads for all of them
 * @param ticker monotonic nanoseconds
 */
record SourceParts(Connections connections, Lines lines, Executor waiters, Executor openers, LongSupplier ticker) {}
