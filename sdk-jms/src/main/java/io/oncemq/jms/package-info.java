/** ActiveMQ through Jakarta JMS. */
@NullMarked
package io.oncemq.jms;

import org.jspecify.annotations.NullMarked;
