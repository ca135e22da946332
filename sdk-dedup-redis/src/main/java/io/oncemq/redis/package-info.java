/** The idempotency store on one Redis or Valkey server. {@link io.oncemq.redis.RedisIdempotency} is the way in. */
@NullMarked
package io.oncemq.redis;

import org.jspecify.annotations.NullMarked;
