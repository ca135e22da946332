package io.oncemq.spi;

import io.oncemq.ConfigurationException;
import java.net.URI;
import java.util.List;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;
import java.util.stream.Collectors;

/** Finds adapters, stores and the engine on the class path. */
public final class Providers {
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
            if (parsed.getScheme() == null) {
                throw new IllegalArgumentException("no scheme");
            }
            return parsed;
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    property,
                    redact(uri),
                    "is not a URI of the form scheme://host:port",
                    "Write for example kafka://localhost:9092");
        }
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
                        "Add the module for it, such as sdk-kafka or sdk-dedup-redis"));
    }

    /** A URI without its user part. */
    static String redact(String uri) {
        return uri.replaceAll("^([A-Za-z0-9+.-]*:/*)?.*@", "$1***@");
    }
}
