/** The claim table, and the store that keeps it in this process. */
@NullMarked
package io.oncemq.core.claim;

import org.jspecify.annotations.NullMarked;
