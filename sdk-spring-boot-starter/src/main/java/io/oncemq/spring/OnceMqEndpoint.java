package io.oncemq.spring;

import io.oncemq.Backlog;
import io.oncemq.MessagingException;
import io.oncemq.Subscription;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/** The listeners as {@code /actuator/oncemq} shows them; one of them can be paused, resumed and started. */
@Endpoint(id = "oncemq")
final class OnceMqEndpoint {
    /** What can be done to a listener. */
    enum Action {
        PAUSE,
        RESUME,
        START
    }

    /**
     * One listener.
     *
     * @param inFlight messages received here and not settled
     * @param lanes keys among them, each of which is handled one after another
     * @param backlog what the broker holds for the group, by shard; empty where it cannot tell
     * @param backlogProblem why the broker did not tell
     */
    record Description(
            String state,
            @Nullable String destination,
            @Nullable String group,
            int inFlight,
            int lanes,
            @Nullable Long waiting,
            List<Backlog> backlog,
            @Nullable String backlogProblem,
            @Nullable String failure) {}

    private final OnceListeners listeners;

    OnceMqEndpoint(OnceListeners listeners) {
        this.listeners = listeners;
    }

    @ReadOperation
    Map<String, Map<String, Description>> all() {
        Map<String, Description> all = new TreeMap<>();
        listeners.ids().forEach(id -> all.put(id, describe(id)));
        return Map.of("listeners", all);
    }

    /** Null, which is a 404, where there is no such listener. */
    @ReadOperation
    @Nullable
    Description one(@Selector String id) {
        return listeners.ids().contains(id) ? describe(id) : null;
    }

    @WriteOperation
    @Nullable
    Description change(@Selector String id, Action action) {
        if (!listeners.ids().contains(id)) {
            return null;
        }
        if (action == Action.START) {
            listeners.start(id);
        }
        listeners.subscription(id).ifPresent(subscription -> {
            if (action == Action.PAUSE) {
                subscription.pause();
            } else if (action == Action.RESUME) {
                subscription.resume();
            }
        });
        return describe(id);
    }

    private Description describe(String id) {
        Subscription subscription = listeners.subscription(id).orElse(null);
        if (subscription == null) {
            String failure = listeners.failure(id).map(Throwable::toString).orElse(null);
            return new Description("STOPPED", null, null, 0, 0, null, List.of(), null, failure);
        }
        List<Backlog> backlog = List.of();
        String problem = null;
        try {
            backlog = subscription.backlog();
        } catch (MessagingException e) {
            problem = e.getMessage();
        }
        Long waiting = backlog.isEmpty()
                ? null
                : backlog.stream().mapToLong(Backlog::messages).sum();
        return new Description(
                subscription.state().name(),
                subscription.destination(),
                subscription.group(),
                subscription.inFlight(),
                subscription.lanes(),
                waiting,
                backlog,
                problem,
                subscription.failure().map(Throwable::toString).orElse(null));
    }
}
