/** What a run came to, for people and for programs. */
@NullMarked
package io.oncemq.torture.report;

import org.jspecify.annotations.NullMarked;
