/** Makes sure that what is handed to Maven Central is complete. */
@NullMarked
package io.oncemq.release;

import org.jspecify.annotations.NullMarked;
