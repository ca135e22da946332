package io.oncemq.torture.history;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The events of a run in the order of their times. It can be read any number of times. */
public interface History {
    /** Hands over every event, one after another. */
    void forEach(Consumer<? super Event> sink);

    /** The processes of which the last reading found lines that are no whole events. */
    default Set<String> torn() {
        return Set.of();
    }

    /** A history that lies in memory, in the order given. */
    static History of(List<Event> events) {
        List<Event> all = List.copyOf(events);
        return all::forEach;
    }
}
