package io.oncemq.redis;

import java.time.Duration;

/** What every script call of a group carries. @param fill how many records a bucket holds on average before buckets multiply */
record GroupSettings(Duration lease, Duration rememberFor, int fill, boolean quarantine) {}
