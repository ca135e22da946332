/**
 * Real servers for tests, as containers where a Docker engine answers and as child processes elsewhere, on free ports and in temporary folders.
 * They can be killed, paused and restarted on the same data, and none outlives the JVM that started it, however that JVM ends.
 *
 * <p>Child processes, because tests must run with a JDK and Maven alone, because a server on the test's class path would mix its client and
 * logging with those under test, and because a server in the test's JVM can be neither killed nor frozen. Servers come from Maven Central by
 * Maven's resolver, which knows mirrors and proxies; a download by URL does not. A container keeps its port of 127.0.0.1 and its data through a
 * restart, so it is driven by the Docker client: {@code GenericContainer.start} makes a new one. Testcontainers is an optional dependency, since
 * it is 15 MB.
 */
@NullMarked
package io.oncemq.testkit.server;

import org.jspecify.annotations.NullMarked;
