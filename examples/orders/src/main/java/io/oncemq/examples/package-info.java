@NullMarked
package io.oncemq.examples;

import org.jspecify.annotations.NullMarked;
