package io.oncemq.spring;

import io.oncemq.Subscription;
import java.util.TreeSet;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Down while a listener has stopped by itself, until it is started again. Paused listeners are healthy. */
final class ListenersHealth extends AbstractHealthIndicator {
    private final OnceListeners listeners;

    ListenersHealth(OnceListeners listeners) {
        this.listeners = listeners;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        for (String id : new TreeSet<>(listeners.ids())) {
            Subscription subscription = listeners.subscription(id).orElse(null);
            if (subscription == null) {
                builder.withDetail(id, "STOPPED");
                listeners.failure(id).ifPresent(failure -> builder.down().withDetail(id, "FAILED: " + failure));
                continue;
            }
            builder.withDetail(id, subscription.state().name());
            if (subscription.state() == Subscription.State.FAILED) {
                builder.down()
                        .withDetail(id, "FAILED: " + subscription.failure().orElse(null));
            }
        }
    }
}
