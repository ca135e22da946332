/** A broker in memory, for tests of what lies above brokers. */
@NullMarked
package io.oncemq.spring.toy;

import org.jspecify.annotations.NullMarked;
