@NullMarked
package io.oncemq.it.preflight;

import org.jspecify.annotations.NullMarked;
