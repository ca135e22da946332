package io.oncemq.testkit.kit.transport;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEventListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Every event that the clients of one test emitted, in order. Thread-safe. */
final class EventLog implements MessagingEventListener {
    private final List<MessagingEvent> all = new CopyOnWriteArrayList<>();

    @Override
    public void onEvent(MessagingEvent event) {
        all.add(event);
    }

    <E extends MessagingEvent> List<E> of(Class<E> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public String toString() {
        return all.toString();
    }
}
