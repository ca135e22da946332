package io.oncemq.micrometer;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.oncemq.Delivery;
import io.oncemq.Headers;
import org.jspecify.annotations.Nullable;

/** The observation of one attempt to handle a message. The carrier is the message's headers. */
public final class ProcessContext extends ReceiverContext<Headers> {
    private final String system;
    private final String clientId;
    private final String destination;
    private final String group;
    private final Delivery<?> delivery;
    private volatile @Nullable Throwable failure;

    ProcessContext(String system, String clientId, String destination, String group, Delivery<?> delivery) {
        super(ProcessContext::get, Kind.CONSUMER);
        this.system = system;
        this.clientId = clientId;
        this.destination = destination;
        this.group = group;
        this.delivery = delivery;
        setCarrier(delivery.headers());
        setRemoteServiceName(system);
    }

    private static @Nullable String get(@Nullable Headers headers, String name) {
        return headers == null ? null : headers.text(name);
    }

    /** The broker, as OpenTelemetry names it. */
    public String system() {
        return system;
    }

    public String clientId() {
        return clientId;
    }

    public String destination() {
        return destination;
    }

    /** The group as it was configured. */
    public String group() {
        return group;
    }

    public Delivery<?> delivery() {
        return delivery;
    }

    void failed(Throwable why) {
        failure = why;
    }

    /** Why the attempt has failed, with its text, which {@link #getError()} does not have; null before that is known, and if it has not. */
    public @Nullable Throwable failure() {
        return failure;
    }
}
