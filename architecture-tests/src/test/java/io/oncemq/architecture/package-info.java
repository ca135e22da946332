/** What holds over all modules: the direction of dependencies, names, and calls that nobody makes. */
@NullMarked
package io.oncemq.architecture;

import org.jspecify.annotations.NullMarked;
