/**
 * The publish pipeline: bounds, order per key, honest outcomes, and sessions that are replaced rather than healed.
 */
@NullMarked
package io.oncemq.core.publish;

import org.jspecify.annotations.NullMarked;
