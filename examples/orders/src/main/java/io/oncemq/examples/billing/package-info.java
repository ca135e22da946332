@NullMarked
package io.oncemq.examples.billing;

import org.jspecify.annotations.NullMarked;
