@NullMarked
package io.oncemq.quickstart;

import org.jspecify.annotations.NullMarked;
