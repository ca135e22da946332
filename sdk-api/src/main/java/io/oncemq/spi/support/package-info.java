/** What every adapter needs, once: which errors end a source, back-off, and diagnosis. For adapters, not for applications. */
@NullMarked
package io.oncemq.spi.support;

import org.jspecify.annotations.NullMarked;
