package io.oncemq;

import io.oncemq.spi.ClientSettings;
import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.MessagingClientProvider;
import io.oncemq.spi.Providers;
import io.oncemq.spi.TransportFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link MessagingClient}. A transport is required, and either an idempotency store or
 * {@link #withoutIdempotency}. Not thread-safe.
 */
public final class MessagingClientBuilder {
    private @Nullable TransportFactory transport;
    private @Nullable IdempotencyStoreFactory store;
    private boolean withoutStore;
    private boolean virtualThreads;
    private Profile profile = Profile.DURABLE;
    private final Map<String, String> acceptedUnchecked = new TreeMap<>();
    private String clientId = "oncemq-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<MessagingListener> listeners = new ArrayList<>();
    private final List<MessageObserver> observers = new ArrayList<>();

    MessagingClientBuilder() {}

    /**
     * The broker, as {@code kafka://host:port,host:port}.
     *
     * @throws ConfigurationException if no adapter for the scheme is on the class path
     */
    public MessagingClientBuilder transport(String uri) {
        return transport(Providers.transport(uri));
    }

    /** The broker, with the typed options of its adapter. */
    public MessagingClientBuilder transport(TransportFactory transport) {
        this.transport = transport;
        return this;
    }

    /**
     * The idempotency store, as {@code redis://host:port}.
     *
     * @throws ConfigurationException if no store for the scheme is on the class path
     */
    public MessagingClientBuilder idempotency(String uri) {
        return idempotency(Providers.store(uri));
    }

    /** The idempotency store, with its typed options. */
    public MessagingClientBuilder idempotency(IdempotencyStoreFactory store) {
        this.store = store;
        this.withoutStore = false;
        return this;
    }

    /** Declares the weaker mode: at-least-once, duplicates reach the handler, attempts are counted in memory only. */
    public MessagingClientBuilder withoutIdempotency() {
        this.store = null;
        this.withoutStore = true;
        return this;
    }

    /**
     * How much is demanded of the settings of broker and store: {@link Profile#DURABLE} by default. A single local server needs
     * {@link Profile#DEV}.
     */
    public MessagingClientBuilder profile(Profile profile) {
        this.profile = profile;
        return this;
    }

    /**
     * Lets {@link Profile#DURABLE} go on although a setting could not be read, for example because the credentials may not. It
     * is still told once as {@link MessagingEvent.PreflightFindings}. A value that can be read and is too weak is refused all the
     * same.
     *
     * @param setting the name in {@link Finding#setting}
     * @param reason who vouches for it instead; it is logged
     */
    public MessagingClientBuilder acceptUnchecked(String setting, String reason) {
        if (setting.isBlank() || reason.isBlank()) {
            throw new ConfigurationException(
                    "acceptUnchecked",
                    "'" + setting + "', '" + reason + "'",
                    "says too little",
                    "Name one setting, and why it may go unchecked");
        }
        acceptedUnchecked.put(setting, reason);
        return this;
    }

    /** Names this client towards the broker; random by default. */
    public MessagingClientBuilder clientId(String clientId) {
        if (clientId.isBlank()) {
            throw new ConfigurationException("clientId", "''", "is blank", "Give a name or leave the default");
        }
        this.clientId = clientId;
        return this;
    }

    /**
     * Runs handlers on virtual threads (JDK 21 or newer). Off by default.
     *
     * @throws ConfigurationException at {@link #build} on an older JDK
     */
    public MessagingClientBuilder virtualThreads(boolean on) {
        this.virtualThreads = on;
        return this;
    }

    public MessagingClientBuilder listener(MessagingListener listener) {
        listeners.add(listener);
        return this;
    }

    /** Follows each message; several are asked in the order in which they were added. */
    public MessagingClientBuilder observer(MessageObserver observer) {
        observers.add(observer);
        return this;
    }

    /**
     * Connects, and checks the settings of broker and store. Blocks until both have answered.
     *
     * @throws ConfigurationException if something is missing or refused; a {@link PreflightException} if it is a server's setting
     * @throws ConnectionException if the broker or the store does not answer in time
     * @throws AuthenticationException if the credentials are refused
     */
    public MessagingClient build() {
        if (transport == null) {
            throw new ConfigurationException(
                    "transport", "(none)", "no broker is named", "Call transport(\"kafka://host:9092\")");
        }
        if (store == null && !withoutStore) {
            throw new ConfigurationException(
                    "idempotency",
                    "(none)",
                    "no idempotency store is named",
                    "Call idempotency(\"redis://host:6379\"), or withoutIdempotency() if duplicates may reach the handler");
        }
        return Providers.only(MessagingClientProvider.class, "sdk-core")
                .create(new ClientSettings(
                        clientId, transport, store, virtualThreads, profile, acceptedUnchecked, listeners, observers));
    }
}
