/** The idempotency store on real Redis servers. */
@NullMarked
package io.oncemq.it.redis;

import org.jspecify.annotations.NullMarked;
