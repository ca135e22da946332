package io.oncemq.kafka;

import java.time.Duration;

/**
 * The times of a source.
 *
 * @param commitInterval how often offsets are committed while it runs
 * @param lastCommit how long the commit may take when partitions are revoked
 * @param poll how long one poll waits for messages
 * @param pollInterval after how long without a poll the group gives the member up
 */
record Timing(Duration commitInterval, Duration lastCommit, Duration poll, Duration pollInterval) {
    /** Within so long since the last poll began the member is in its group, as far as the polls decide it; with room for a late thread. */
    Duration trust() {
        return pollInterval.dividedBy(2);
    }
}
