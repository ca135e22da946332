package io.oncemq.spi;

import io.oncemq.ConfigurationException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;
import java.util.stream.Collectors;

/** Finds adapters, stores and the engine on the class path. */
public final class Providers {
    /** Of this project, by scheme. */
    private static final Map<String, String> MODULES = Map.ofEntries(
            Map.entry("kafka", "sdk-kafka"),
            Map.entry("amqp", "sdk-rabbit"),
            Map.entry("amqps", "sdk-rabbit"),
            Map.entry("rocketmq", "sdk-rocket"),
            Map.entry("artemis", "sdk-jms"),
            Map.entry("activemq", "sdk-jms"),
            Map.entry("redis", "sdk-dedup-redis"),
            Map.entry("rediss", "sdk-dedup-redis"),
            Map.entry("redis-sentinel", "sdk-dedup-redis"),
            Map.entry("rediss-sentinel", "sdk-dedup-redis"),
            Map.entry("redis-cluster", "sdk-dedup-redis"),
            Map.entry("rediss-cluster", "sdk-dedup-redis"));

    private Providers() {}

    /** @throws ConfigurationException if the URI is malformed or no adapter knows its scheme */
    public static TransportFactory transport(String uri) {
        URI parsed = parse("transport", uri);
        return byScheme("transport", parsed, TransportProvider.class, TransportProvider::scheme)
                .fromUri(parsed);
    }

    /** @throws ConfigurationException if the URI is malformed or no store knows its scheme */
    public static IdempotencyStoreFactory store(String uri) {
        URI parsed = parse("idempotency", uri);
        return byScheme("idempotency", parsed, IdempotencyStoreProvider.class, IdempotencyStoreProvider::scheme)
                .fromUri(parsed);
    }

    /** The one implementation of a service that some module brings. */
    public static <S> S only(Class<S> service, String module) {
        return ServiceLoader.load(service)
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        "class path", service.getSimpleName(), "no implementation is present", "Add " + module));
    }

    private static URI parse(String property, String uri) {
        try {
            URI parsed = URI.create(uri);
            // localhost:6379 is a URI of the scheme localhost.
            if (parsed.getScheme() != null && !parsed.isOpaque()) {
                return parsed;
            }
        } catch (IllegalArgumentException e) {
            throw malformed(property, uri);
        }
        throw malformed(property, uri);
    }

    private static ConfigurationException malformed(String property, String uri) {
        boolean address = uri.matches("[A-Za-z0-9.-]+(:[0-9]{1,5})?(,[A-Za-z0-9.-]+(:[0-9]{1,5})?)*");
        String host = address ? uri : "host:" + (property.equals("transport") ? "9092" : "6379");
        return new ConfigurationException(
                property,
                redact(uri),
                "is not a URI of the form scheme://host:port",
                property.equals("transport")
                        ? "Write kafka://" + host
                                + ", or amqp://, rocketmq://, artemis:// or activemq:// for another broker"
                        : "Write redis://" + host);
    }

    private static <P> P byScheme(
            String property, URI uri, Class<P> service, java.util.function.Function<P, String> scheme) {
        List<P> all = ServiceLoader.load(service).stream().map(Provider::get).toList();
        return all.stream()
                .filter(provider -> scheme.apply(provider).equals(uri.getScheme()))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        property,
                        redact(uri.toString()),
                        "nothing on the class path knows the scheme " + uri.getScheme() + " (known: "
                                + all.stream().map(scheme).sorted().collect(Collectors.joining(", ")) + ")",
                        remedy(property, String.valueOf(uri.getScheme()))));
    }

    private static String remedy(String property, String scheme) {
        String module = MODULES.get(scheme.toLowerCase(Locale.ROOT));
        if (module == null) {
            String otherwise = property.equals("transport")
                    ? "use kafka://, amqp://, rocketmq://, artemis:// or activemq://, or add the module that brings the scheme"
                    : "use redis:// with sdk-dedup-redis, or add the module that brings the scheme";
            return NearestName.remedy(scheme, MODULES.keySet(), otherwise);
        }
        return MODULES.containsKey(scheme) ? "Add " + module : "Write the scheme in lower case, and add " + module;
    }

    /** A URI without its user part. */
    static String redact(String uri) {
        return uri.replaceAll("^([A-Za-z0-9+.-]*:/*)?.*@", "$1***@");
    }
}
