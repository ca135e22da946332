/**
 * What every idempotency store must hold. A store extends {@link io.oncemq.testkit.kit.store.IdempotencyStoreKit} with a
 * fixture; the tests are final.
 */
@NullMarked
package io.oncemq.testkit.kit.store;

import org.jspecify.annotations.NullMarked;
