/** What went wrong in other libraries, done to OnceMQ. docs/verification.md tells whose bugs they were. */
@NullMarked
package io.oncemq.it.field;

import org.jspecify.annotations.NullMarked;
