package io.oncemq.redis;

import java.time.Duration;

/**
 * What every script call of a group carries.
 *
 * @param fill how many records a bucket holds on average before buckets multiply
 * @param instance whether it is an instance of a broadcast group, of which nothing is kept for good
 */
record GroupSettings(Duration lease, Duration rememberFor, int fill, boolean quarantine, boolean instance) {}
