/** How long a process takes to stop, whatever hangs. */
@NullMarked
package io.oncemq.it.stop;

import org.jspecify.annotations.NullMarked;
