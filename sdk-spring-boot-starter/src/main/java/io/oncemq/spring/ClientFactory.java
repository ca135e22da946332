package io.oncemq.spring;

import static io.oncemq.spring.SettingName.named;

import io.oncemq.ClientClosedException;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessageInterceptor;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.MessagingEventListener;
import io.oncemq.PreflightException;
import io.oncemq.Profile;
import io.oncemq.Startup;
import io.oncemq.spi.IdempotencyStoreFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;

/**
 * Builds clients from properties and beans, and ensures their destinations before anybody can ask for them. Closes them together when the
 * application ends, after every bean that was injected with one.
 */
class ClientFactory implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(ClientFactory.class);

    private final OnceMqProperties properties;
    private final Environment environment;
    private final ClientConnections connections;
    private final ObjectProvider<MessagingEventListener> listeners;
    private final ObjectProvider<MessageInterceptor> observers;
    private final ObjectProvider<MessagingClientCustomizer> customizers;
    private final DestinationBeans destinations;
    private final StopBudget budget;
    private final Map<String, MessagingClient> made = new ConcurrentHashMap<>();

    /** Built with the builder below, with their destinations ensured. Weak, since a start in the background may need several tries. */
    private final Set<MessagingClient> prepared =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    ClientFactory(
            OnceMqProperties properties,
            Environment environment,
            ClientConnections connections,
            ObjectProvider<MessagingEventListener> listeners,
            ObjectProvider<MessageInterceptor> observers,
            ObjectProvider<MessagingClientCustomizer> customizers,
            DestinationBeans destinations,
            StopBudget budget) {
        this.properties = properties;
        this.environment = environment;
        this.connections = connections;
        this.listeners = listeners;
        this.observers = observers;
        this.customizers = customizers;
        this.destinations = destinations;
        this.budget = budget;
    }

    @Override
    public void destroy() {
        Duration left = budget.ofClients();
        Map<String, Runnable> closing = new HashMap<>();
        made.forEach((name, client) -> closing.put("oncemq-close-" + name, () -> client.close(left)));
        budget.spend(() -> SideBySide.run(closing));
    }

    MessagingClient defaultClient() {
        return client(ClientNames.DEFAULT, properties);
    }

    /** As the default client is built, before the application's own settings. */
    MessagingClientBuilder defaultBuilder() {
        return builder(ClientNames.DEFAULT, properties).prepare(prepared::add);
    }

    /**
     * Whether a connected client has ensured the destinations of the default client itself: it was built here, or with
     * {@link #defaultBuilder}. One that connects in the background is another object than the client that was prepared.
     */
    boolean hasEnsured(MessagingClient client) {
        return made.containsValue(client)
                || prepared.contains(client)
                || properties.getStartup() == Startup.BACKGROUND && !prepared.isEmpty();
    }

    /** Schemes of connection details that no named client uses. */
    List<String> unusedDetails() {
        return connections.unused(properties.getClients());
    }

    /** Called by name, by the definitions that {@link ClientRegistrar} makes. */
    MessagingClient client(String name) {
        ClientProperties own = properties.getClients().get(name);
        if (own == null) {
            throw new IllegalStateException("no properties below " + ClientNames.prefix(name));
        }
        return client(name, own);
    }

    private MessagingClient client(String name, ClientProperties own) {
        String prefix = ClientNames.prefix(name);
        MessagingClient client = built(builder(name, own), prefix);
        made.put(name, client);
        client.connected().exceptionally(failure -> tell(name, prefix, failure));
        return client;
    }

    private MessagingClientBuilder builder(String name, ClientProperties own) {
        String prefix = ClientNames.prefix(name);
        MessagingClientBuilder builder = MessagingClient.builder()
                .transport(connections.transport(name, prefix, own))
                .profile(profile(prefix, own))
                .startup(own.getStartup())
                .virtualThreads(virtualThreads(own));
        IdempotencyStoreFactory store = connections.store(name, prefix, own);
        if (store == null) {
            builder.withoutIdempotency();
        } else {
            builder.idempotency(store);
        }
        String clientId = own.getClientId();
        if (clientId != null) {
            named(prefix + "client-id", () -> builder.clientId(clientId));
        }
        String clusterName = own.getClusterName();
        if (clusterName != null) {
            named(prefix + "cluster-name", () -> builder.clusterName(clusterName));
        }
        String acceptCluster = own.getAcceptCluster();
        if (acceptCluster != null) {
            builder.acceptCluster(acceptCluster);
        }
        own.getAcceptUnchecked()
                .forEach((setting, reason) ->
                        named(prefix + "accept-unchecked." + setting, () -> builder.acceptUnchecked(setting, reason)));
        listeners.orderedStream().forEach(builder::eventListener);
        observers.orderedStream().forEach(builder::interceptor);
        customizers.orderedStream().forEach(customizer -> customizer.customize(name, builder));
        return builder.prepare(client -> ensure(client, prefix, own, destinations.of(name)));
    }

    private static MessagingClient built(MessagingClientBuilder builder, String prefix) {
        try {
            return builder.build();
        } catch (PreflightException e) {
            throw renamed(prefix, e);
        }
    }

    /** Of a client that connects in the background: the application runs on without it. */
    private static @Nullable Void tell(String name, String prefix, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (!(cause instanceof ClientClosedException)) {
            LOG.error(
                    "a client has failed to start, and the application continues without it: client={}",
                    name.isEmpty() ? "default" : name,
                    cause instanceof PreflightException refused ? renamed(prefix, refused) : cause);
        }
        return null;
    }

    private static PreflightException renamed(String prefix, PreflightException refused) {
        PreflightException named = new PreflightException(refused.findings().stream()
                .map(finding -> renamed(prefix, finding))
                .toList());
        named.initCause(refused);
        return named;
    }

    /** What is set by a property of the client, by its full name. */
    private static Finding renamed(String prefix, Finding finding) {
        if (!finding.setting().equals("clusterName")) {
            return finding;
        }
        return new Finding(
                finding.component(),
                prefix + "cluster-name",
                finding.value(),
                finding.requirement(),
                "Set " + prefix
                        + "cluster-name to a name for the cluster, the same in all applications that use it, before the first message. If"
                        + " no other cluster of the kind will ever use this store, set " + prefix
                        + "accept-unchecked.clusterName to the reason",
                finding.severity());
    }

    private static void ensure(
            MessagingClient client, String prefix, ClientProperties own, List<DestinationSpec> beans) {
        own.getDestinations()
                .forEach((name, destination) -> SettingName.ofDestination(
                        prefix + "destinations." + name, () -> client.ensure(spec(name, destination))));
        beans.forEach(client::ensure);
    }

    private static DestinationSpec spec(String name, DestinationProperties properties) {
        DestinationSpec spec = DestinationSpec.builder(name)
                .partitions(properties.getPartitions())
                .replicas(properties.getReplicas())
                .delays(properties.getDelays().toArray(Duration[]::new))
                .build();
        for (String group : properties.getGroups()) {
            spec = spec.toBuilder().group(group).build();
        }
        for (String group : properties.getBroadcastGroups()) {
            spec = spec.toBuilder().broadcast(group).build();
        }
        Duration history = properties.getHistory();
        if (history != null) {
            spec = spec.toBuilder().history(history).build();
        }
        for (var setting : properties.getSettings().entrySet()) {
            spec = spec.toBuilder()
                    .setting(setting.getKey(), setting.getValue())
                    .build();
        }
        return spec;
    }

    private boolean virtualThreads(ClientProperties own) {
        Boolean told = own.getVirtualThreads();
        return told == null ? Threading.VIRTUAL.isActive(environment) : told;
    }

    /** See docs/decisions/0134: a deployment cannot be weakened from outside of the application's own files and code. */
    private Profile profile(String prefix, ClientProperties own) {
        String outside = own.getProfile() == Profile.DURABLE ? null : ProfileOrigin.outside(environment, prefix);
        if (outside != null) {
            throw new ConfigurationException(
                    prefix + "profile",
                    own.getProfile(),
                    "is set by " + outside + ", which may not weaken an application",
                    "Write it into the application's own configuration, such as application-local.yml");
        }
        return own.getProfile();
    }
}
