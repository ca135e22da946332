/** What applications use: the facade, its values and policies, and every exception. */
@NullMarked
package io.oncemq;

import org.jspecify.annotations.NullMarked;
