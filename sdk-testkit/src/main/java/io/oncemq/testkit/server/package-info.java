/**
 * Real servers for tests, without containers: Kafka and Redis as child processes of the test's JVM, on free ports and
 * temporary folders. They can be killed, paused and restarted on the same data, and none outlives the JVM that started
 * it, however that JVM ends.
 */
@NullMarked
package io.oncemq.testkit.server;

import org.jspecify.annotations.NullMarked;
