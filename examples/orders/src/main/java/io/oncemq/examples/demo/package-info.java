@NullMarked
package io.oncemq.examples.demo;

import org.jspecify.annotations.NullMarked;
