/**
 * The compatibility kit for transports: the promises of docs/guarantees.md as tests that every adapter runs against its
 * real broker and a real store.
 */
@NullMarked
package io.oncemq.testkit.kit.transport;

import org.jspecify.annotations.NullMarked;
