package io.oncemq.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where a client finds its broker and its store, when something else than properties knows it: a test, a container, a platform. Wins over
 * the properties {@code transport} and {@code idempotency}; logins and all other options are still those of the properties.
 *
 * <p>Boot's own details for Kafka, RabbitMQ, ActiveMQ and Redis count for the default client in the same way when they come from a container
 * ({@code @ServiceConnection}) or another source than Boot's own properties. They also count for a named client whose own properties name
 * no broker, or no store. Where there are only named clients that name theirs, a line of the log at WARN reports the unused details.
 */
public interface OnceMqConnectionDetails extends ConnectionDetails {
    /** The client below {@code oncemq.clients} that they are for; empty for the default client. */
    default String getClient() {
        return "";
    }

    /** The broker as a URI, or null to leave it to the properties. */
    default @Nullable String getTransport() {
        return null;
    }

    /** The store as a URI, or null to leave it to the properties. */
    default @Nullable String getIdempotency() {
        return null;
    }
}
