package io.oncemq.spring;

import static io.oncemq.spring.SettingName.named;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.Providers;
import io.oncemq.spi.TransportFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.ClassUtils;

/**
 * Decides where a client's broker and store are: connection details first, then properties. Boot's details have no client's name: they are
 * for the default client, and for a named client whose properties say no place.
 */
final class ClientConnections {
    private static final String NONE = "(none)";

    private final ObjectProvider<OnceMqConnectionDetails> details;
    private final List<FoundBroker> brokers;
    private final List<FoundStore> stores;
    private final TlsSettings tls;

    ClientConnections(
            ObjectProvider<OnceMqConnectionDetails> details,
            List<FoundBroker> brokers,
            List<FoundStore> stores,
            TlsSettings tls) {
        this.details = details;
        this.brokers = brokers;
        this.stores = stores;
        this.tls = tls;
    }

    /** @param prefix of the client's properties, with its dot */
    TransportFactory transport(String client, String prefix, ClientProperties properties) {
        String told = told(client, OnceMqConnectionDetails::getTransport);
        if (told != null) {
            return ofUri("OnceMqConnectionDetails.transport", told, prefix, properties);
        }
        TransportFactory found = client.isEmpty() || isPlaceless(properties) ? found(prefix, properties) : null;
        if (found != null) {
            return found;
        }
        String uri = properties.getTransport();
        return uri == null ? ofServers(prefix, properties) : ofUri(prefix + "transport", uri, prefix, properties);
    }

    /** Null where the weaker mode without a store is declared. */
    @Nullable
    IdempotencyStoreFactory store(String client, String prefix, ClientProperties properties) {
        String property = "OnceMqConnectionDetails.idempotency";
        String uri = told(client, OnceMqConnectionDetails::getIdempotency);
        if (uri == null && properties.isWithoutIdempotency()) {
            if (properties.getIdempotency() == null) {
                return null;
            }
            throw new ConfigurationException(
                    prefix + "without-idempotency",
                    true,
                    "contradicts " + prefix + "idempotency",
                    "Remove one of the two");
        }
        if (uri == null && (client.isEmpty() || properties.getIdempotency() == null)) {
            IdempotencyStoreFactory found = stores.stream()
                    .map(store -> store.find(prefix, properties, tls))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            if (found != null) {
                return found;
            }
        }
        if (uri == null) {
            property = prefix + "idempotency";
            uri = properties.getIdempotency();
        }
        if (uri == null) {
            throw new ConfigurationException(
                    property,
                    NONE,
                    "no idempotency store is named",
                    "Set " + property + "=redis://host:6379, or " + prefix
                            + "without-idempotency=true if duplicates may reach the handlers");
        }
        String known = uri;
        String name = property;
        return isPresent("io.oncemq.redis.RedisIdempotency")
                ? RedisOptions.ofUri(name, known, prefix + "redis.", properties.getRedis(), tls)
                : named(name, () -> Providers.store(known));
    }

    /** Schemes of details that none of the clients uses, where there is no default client. */
    List<String> unused(Map<String, ClientProperties> named) {
        boolean used = named.entrySet().stream()
                .anyMatch(each -> told(each.getKey(), OnceMqConnectionDetails::getTransport) == null
                        && isPlaceless(each.getValue()));
        return used
                ? List.of()
                : brokers.stream()
                        .filter(FoundBroker::exists)
                        .map(FoundBroker::scheme)
                        .toList();
    }

    private static boolean isPlaceless(ClientProperties properties) {
        return properties.getTransport() == null
                && Stream.of(BrokerKind.values())
                        .allMatch(kind -> kind.servers(properties).isEmpty());
    }

    private @Nullable String told(String client, Function<OnceMqConnectionDetails, @Nullable String> what) {
        return details.orderedStream()
                .filter(each -> each.getClient().equals(client))
                .map(what)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private @Nullable TransportFactory found(String prefix, ClientProperties properties) {
        String scheme = scheme(properties.getTransport());
        // Details of another broker than the chosen one may be anything: they are not looked at.
        FoundBroker chosen = brokers.stream()
                .filter(broker -> broker.scheme().equals(scheme))
                .findFirst()
                .orElse(null);
        TransportFactory ofChosen = chosen == null ? null : chosen.find(prefix, properties, tls);
        if (ofChosen != null) {
            return ofChosen;
        }
        List<FoundBroker> found = brokers.stream()
                .filter(broker -> broker != chosen && broker.find(prefix, properties, tls) != null)
                .toList();
        if (found.isEmpty()) {
            return null;
        }
        if (found.size() > 1) {
            throw new ConfigurationException(
                    prefix + "transport",
                    scheme == null ? NONE : scheme + "://…",
                    "does not say which of the connection details is meant: "
                            + found.stream().map(FoundBroker::scheme).collect(Collectors.joining(", ")),
                    "Set it to a URI of the scheme that is wanted, such as kafka://any:9092");
        }
        return found.get(0).find(prefix, properties, tls);
    }

    private TransportFactory ofServers(String prefix, ClientProperties properties) {
        List<BrokerKind> named = Stream.of(BrokerKind.values())
                .filter(kind -> !kind.servers(properties).isEmpty())
                .toList();
        if (named.isEmpty()) {
            throw new ConfigurationException(
                    prefix + "transport",
                    NONE,
                    "no broker is named",
                    "Set " + prefix + "transport=kafka://host:9092 or the like, or oncemq.enabled=false");
        }
        BrokerKind kind = named.get(0);
        String property = kind.property(prefix);
        String servers = kind.joined(properties);
        if (named.size() > 1) {
            throw new ConfigurationException(
                    property,
                    servers,
                    "is set together with " + named.get(1).property(prefix) + ", and a client has one broker",
                    "Set " + prefix + "transport to the one that is wanted, or remove the other");
        }
        if (!kind.isPresent()) {
            throw new ConfigurationException(
                    property, servers, "needs " + kind.module() + " on the class path", "Add " + kind.module());
        }
        return kind.ofServers(property, prefix, properties, tls);
    }

    private TransportFactory ofUri(String property, String uri, String prefix, ClientProperties properties) {
        BrokerKind kind = BrokerKind.ofScheme(scheme(uri));
        if (kind == null) {
            return named(property, () -> Providers.transport(uri));
        }
        if (uri.indexOf('@') >= 0) {
            throw new ConfigurationException(
                    property,
                    scheme(uri) + "://***",
                    "contains credentials, which do not belong in a URI",
                    "Set " + kind.login(prefix));
        }
        return kind.isPresent()
                ? kind.ofUri(property, uri, prefix, properties, tls)
                : named(property, () -> Providers.transport(uri));
    }

    private static @Nullable String scheme(@Nullable String uri) {
        int colon = uri == null ? -1 : uri.indexOf(':');
        return uri == null || colon < 0 ? null : uri.substring(0, colon);
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, ClientConnections.class.getClassLoader());
    }
}
