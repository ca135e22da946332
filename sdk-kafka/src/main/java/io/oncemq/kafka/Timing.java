package io.oncemq.kafka;

import java.time.Duration;

/**
 * The times of a source.
 *
 * @param commitInterval how often offsets are committed while it runs
 * @param lastCommit how long the commit may take when partitions are revoked
 * @param poll how long one poll waits for messages
 */
record Timing(Duration commitInterval, Duration lastCommit, Duration poll) {}
