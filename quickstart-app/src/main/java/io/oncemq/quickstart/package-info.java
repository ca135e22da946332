/** The main job in one command: real servers, two consumer processes, faults, and an audit of what came of it. */
@NullMarked
package io.oncemq.quickstart;

import org.jspecify.annotations.NullMarked;
