/** What OnceMQ does on a real Artemis, beyond the kit. */
@NullMarked
package io.oncemq.it.jms;

import org.jspecify.annotations.NullMarked;
