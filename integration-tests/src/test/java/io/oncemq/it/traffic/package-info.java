/** Traffic for faults that last: what was published, and what became of it. */
@NullMarked
package io.oncemq.it.traffic;

import org.jspecify.annotations.NullMarked;
