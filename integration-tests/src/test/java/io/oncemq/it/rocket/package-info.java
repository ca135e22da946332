/** What OnceMQ does on a real RocketMQ, beyond the kit. */
@NullMarked
package io.oncemq.it.rocket;

import org.jspecify.annotations.NullMarked;
