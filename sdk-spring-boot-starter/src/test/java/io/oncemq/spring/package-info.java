@NullMarked
package io.oncemq.spring;

import org.jspecify.annotations.NullMarked;
