/**
 * Tests of a handler alone, without a broker and a store: a delivery that a test builds, and a publisher that records. Both refuse what the
 * real ones refuse, as a mock would not; the publisher blocks the key of an unknown outcome, and the delivery sends no derived message. Needs
 * {@code sdk-api} only and no test framework. It is in this module, and not in one of its own, because this module has no class of a server.
 */
@NullMarked
package io.oncemq.testkit.handler;

import org.jspecify.annotations.NullMarked;
