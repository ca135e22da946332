package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import org.jspecify.annotations.Nullable;

/** Looks for breaches of one rule, event by event. Used once, by one thread. */
interface Check {
    /** @param message the message concerned, brought up to date with this event; null if there is none */
    void see(Event event, @Nullable Message message);
}
