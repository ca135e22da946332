/** The engine: every guarantee lives here once; adapters translate. */
@NullMarked
package io.oncemq.core;

import org.jspecify.annotations.NullMarked;
