/**
 * What broker adapters and idempotency stores implement. Experimental: shaped for offsets as well as for delivery tags
 * and prefetch, but it may change until an adapter for a queue broker has passed the compatibility kit.
 */
@NullMarked
package io.oncemq.spi;

import org.jspecify.annotations.NullMarked;
