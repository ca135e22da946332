/**
 * Judges a history: pure functions of what was written down, which know nothing of the library under test.
 *
 * <p>A history of a process that was killed may lack the last answers that the process got. Every check takes what was asked for as perhaps
 * done, so that a missing answer raises no alarm; and what the process had been told before counts in full, so that it hides none.
 */
@NullMarked
package io.oncemq.torture.check;

import org.jspecify.annotations.NullMarked;
