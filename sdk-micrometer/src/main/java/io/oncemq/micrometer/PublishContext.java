package io.oncemq.micrometer;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import io.oncemq.Headers;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.Receipt;
import org.jspecify.annotations.Nullable;

/** The observation of one publish, from the call to its outcome. What a handler sets on the carrier goes out as headers. */
public final class PublishContext extends SenderContext<Headers.Builder> {
    private final String system;
    private final String clientId;
    private final String destination;
    private final @Nullable String key;
    private volatile @Nullable Receipt receipt;
    private volatile @Nullable Throwable failure;

    PublishContext(String system, String clientId, String destination, @Nullable String key, Headers.Builder headers) {
        super(PublishContext::set, Kind.PRODUCER);
        this.system = system;
        this.clientId = clientId;
        this.destination = destination;
        this.key = key;
        setCarrier(headers);
        setRemoteServiceName(system);
    }

    private static void set(Headers.@Nullable Builder headers, String name, String value) {
        if (headers != null) {
            headers.set(name, value);
        }
    }

    void ended(@Nullable Receipt confirmed, @Nullable Throwable why) {
        receipt = confirmed;
        failure = why;
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

    /** The ordering key, or null. */
    public @Nullable String key() {
        return key;
    }

    /** The broker's confirmation; null before it, and if there is none. */
    public @Nullable Receipt receipt() {
        return receipt;
    }

    /** Why it is not confirmed, with its text, which {@link #getError()} does not have; null before that is known, and if it is. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** Null until the outcome is known: the id of a derived message is not told before. */
    public @Nullable String messageId() {
        Receipt confirmed = receipt;
        Throwable why = failure;
        if (confirmed != null) {
            return confirmed.id();
        }
        if (why instanceof PublishRejectedException rejected) {
            return rejected.id();
        }
        return why instanceof PublishOutcomeUnknownException unknown ? unknown.id() : null;
    }
}
