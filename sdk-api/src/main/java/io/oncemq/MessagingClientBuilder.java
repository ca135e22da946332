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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link MessagingClient}. A transport is required, and either an idempotency store or
 * {@link #withoutIdempotency}. Not thread-safe.
 */
public final class MessagingClientBuilder {
    private @Nullable TransportFactory transport;
    private @Nullable IdempotencyStoreFactory store;
    private boolean withoutStore;
    private @Nullable String clusterName;
    private @Nullable String acceptedCluster;
    private boolean virtualThreads;
    private Profile profile = Profile.DURABLE;
    private Startup startup = Startup.REQUIRED;
    private Consumer<MessagingClient> preparation = client -> {};
    private final Map<String, String> acceptedUnchecked = new TreeMap<>();
    private String clientId = "oncemq-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<MessagingEventListener> listeners = new ArrayList<>();
    private final List<MessageInterceptor> observers = new ArrayList<>();

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
     * Names the broker's cluster in the scope of deduplication. Ids of messages without a CloudEvents source are remembered for their
     * destination on this cluster, so that two clusters on one store never suppress each other's messages. Default: the cluster's own
     * identity, which is random on Kafka and Artemis, and on RabbitMQ the {@code cluster_name} where one is configured without an {@code @}.
     * RocketMQ, ActiveMQ Classic and an unnamed RabbitMQ have none: <em>name them, also if only one uses the store today</em>, because a
     * later name makes remembered messages new. Without a name {@link Profile#DURABLE} refuses them with a store, unless {@code
     * acceptUnchecked("clusterName", reason)} states that no other cluster uses the store. Brokers with the same name share one scope, also
     * brokers of different kinds: a message that was moved from one to the other is handled once.
     *
     * <p>The store remembers for each group which cluster first had the name. A subscription on another cluster with this name is refused at its
     * start, since its messages could be suppressed by mistake; see {@link #acceptCluster}.
     *
     * @param name the same in every process of the group
     * @throws ConfigurationException if it is blank or contains a control character
     */
    public MessagingClientBuilder clusterName(String name) {
        if (name.isBlank()) {
            throw new ConfigurationException("clusterName", "''", "is blank", "Give a name or leave the default");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new ConfigurationException(
                    "clusterName",
                    "'" + name.replaceAll("\\p{Cntrl}", "?") + "'",
                    "contains a control character",
                    "Use letters, digits, dots and dashes");
        }
        this.clusterName = name;
        return this;
    }

    /**
     * Lets another cluster use the same {@link #clusterName}: one that was rebuilt, or one to which messages move. Needed for one start: the
     * store remembers it.
     *
     * @param identity as the refusal or {@link MessagingEvent.AnotherClusterSuspected} names it, such as {@code
     *     kafka:4L6g3nShT-eMCtK--X86sw}
     */
    public MessagingClientBuilder acceptCluster(String identity) {
        this.acceptedCluster = identity;
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
     * Lets {@link Profile#DURABLE} continue although a setting cannot be read, for example because the credentials may not. It is still
     * reported once as {@link MessagingEvent.PreflightFindings}. A value that can be read and is too weak is still refused.
     *
     * @param setting the name in {@link Finding#setting}
     * @param reason why the setting is known to be right; it is logged
     */
    public MessagingClientBuilder acceptUnchecked(String setting, String reason) {
        if (setting.isBlank() || reason.isBlank()) {
            throw new ConfigurationException(
                    "acceptUnchecked",
                    "'" + setting + "', '" + reason + "'",
                    "is incomplete",
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

    /** Receives every event of the client; several are called in the order in which they were added. */
    public MessagingClientBuilder eventListener(MessagingEventListener listener) {
        listeners.add(listener);
        return this;
    }

    /** Follows each message; several are called in the order in which they were added. */
    public MessagingClientBuilder interceptor(MessageInterceptor interceptor) {
        observers.add(interceptor);
        return this;
    }

    /**
     * Whether {@link #build} needs broker and store: {@link Startup#REQUIRED} by default. With {@link Startup#BACKGROUND} it returns at
     * once, and what it would have thrown shows in {@link MessagingClient#connected}.
     */
    public MessagingClientBuilder startup(Startup startup) {
        this.startup = startup;
        return this;
    }

    /**
     * Runs once the client is connected, and before anything is published or received with it: to {@link MessagingClient#ensure}
     * destinations. Several run in the order of their calls. If one throws, {@link #build} closes the client and throws the same. With {@link
     * Startup#BACKGROUND}, a {@link ConfigurationException} or an exception of another kind ends the start; any other {@link
     * MessagingException} is answered by another try of all of them.
     *
     * @param preparation receives the connected client; may block, and must not close it
     */
    public MessagingClientBuilder prepare(Consumer<MessagingClient> preparation) {
        this.preparation = this.preparation.andThen(preparation);
        return this;
    }

    /**
     * Connects, and checks the settings of broker and store. Blocks until both have answered.
     *
     * @throws ConfigurationException if something is missing or refused; a {@link PreflightException} if it is a server's setting
     * @throws ConnectionException if the broker or the store does not answer in time
     * @throws AuthenticationException if the credentials are refused
     */
    @CheckReturnValue
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
                        clientId,
                        transport,
                        store,
                        clusterName,
                        acceptedCluster,
                        virtualThreads,
                        profile,
                        acceptedUnchecked,
                        listeners,
                        observers,
                        startup,
                        preparation));
    }
}
