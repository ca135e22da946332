@NullMarked
package io.oncemq.examples.orders;

import org.jspecify.annotations.NullMarked;
