/**
 * What happened, and whether it may have: a ledger of effects that several processes write and that never deduplicates,
 * a history of published and handled messages, and checks for lost, repeated, reordered and invented ones.
 *
 * <p>It knows nothing of the messaging library under test, so that it cannot share its mistakes.
 */
@NullMarked
package io.oncemq.testkit.history;

import org.jspecify.annotations.NullMarked;
