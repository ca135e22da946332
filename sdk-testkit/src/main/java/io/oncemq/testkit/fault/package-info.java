/**
 * Faults of the network between a client and a server: latency, partitions, lost replies, resets. They need no root
 * rights and touch only the connections that pass through them.
 */
@NullMarked
package io.oncemq.testkit.fault;

import org.jspecify.annotations.NullMarked;
