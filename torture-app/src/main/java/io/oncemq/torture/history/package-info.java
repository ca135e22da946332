/**
 * What happened in a run, as several processes wrote it down: one event a line, one file a process, merged by the machine's monotonic clock
 * when it is read.
 *
 * <p>Events are facts seen at the edges of the library (its SPI, its handler, the operating system), never what the library says of itself.
 * A question is written before it is asked and an answer before it is used, so that a process that is killed leaves at most one thing out:
 * an answer that nobody acted on.
 */
@NullMarked
package io.oncemq.torture.history;

import org.jspecify.annotations.NullMarked;
