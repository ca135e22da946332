/** Bodies as JSON, with Jackson 3. */
@NullMarked
package io.oncemq.jackson;

import org.jspecify.annotations.NullMarked;
