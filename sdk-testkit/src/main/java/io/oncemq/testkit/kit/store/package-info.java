/**
 * What every idempotency store must hold. A store extends {@link io.oncemq.testkit.kit.store.IdempotencyStoreKit},
 * {@link io.oncemq.testkit.kit.store.StoreEnduranceKit} and {@link io.oncemq.testkit.kit.store.DataLossKit} with a fixture; the
 * tests are final.
 */
@NullMarked
package io.oncemq.testkit.kit.store;

import org.jspecify.annotations.NullMarked;
