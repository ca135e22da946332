/** The publish pipeline on a real broker behind a proxy that misbehaves. */
@NullMarked
package io.oncemq.it.publish;

import org.jspecify.annotations.NullMarked;
