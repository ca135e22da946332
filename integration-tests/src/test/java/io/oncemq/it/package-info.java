/** What the integration tests have in common. */
@NullMarked
package io.oncemq.it;

import org.jspecify.annotations.NullMarked;
