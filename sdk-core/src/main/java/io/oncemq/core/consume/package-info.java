/**
 * The way in: intake, lanes, handler, settlement, tracking. All state of a subscription belongs to its event loop, on which one
 * thread at a time works; broker, store and workers talk to it by messages, so nothing here needs a lock and none is held across I/O.
 */
@NullMarked
package io.oncemq.core.consume;

import org.jspecify.annotations.NullMarked;
