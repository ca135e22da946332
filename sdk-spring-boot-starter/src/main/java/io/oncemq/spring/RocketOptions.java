package io.oncemq.spring;

import static io.oncemq.spring.SettingName.named;

import io.oncemq.Tls;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.Providers;
import io.oncemq.spi.TransportFactory;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** RocketMQ as properties say it. Loaded only where sdk-rocket is. */
final class RocketOptions {
    private RocketOptions() {}

    static TransportFactory ofUri(
            String property, String uri, String prefix, RocketProperties properties, TlsSettings encryption) {
        TransportFactory factory = named(property, () -> Providers.transport(uri));
        return factory instanceof Rocket rocket ? applied(rocket, prefix, properties, encryption) : factory;
    }

    static TransportFactory ofNameServers(
            String property, String servers, String prefix, RocketProperties properties, TlsSettings encryption) {
        return applied(named(property, () -> Rocket.at(servers)), prefix, properties, encryption);
    }

    private static Rocket applied(Rocket base, String prefix, RocketProperties properties, TlsSettings encryption) {
        Rocket rocket = credentials(base, prefix, properties);
        Tls tls = encryption.of(prefix, properties.getTls());
        if (tls != null) {
            Rocket before = rocket;
            rocket = named(prefix + "tls.host-name-check", () -> before.tls(tls));
        }
        rocket = set(rocket, prefix + "lock-expiry", properties.getLockExpiry(), Rocket::lockExpiry);
        return set(rocket, prefix + "namespace", properties.getNamespace(), Rocket::namespace);
    }

    private static Rocket credentials(Rocket rocket, String prefix, RocketProperties properties) {
        String access = properties.getAccessKey();
        String secret = properties.getSecretKey();
        if (access == null && secret == null) {
            return rocket;
        }
        if (access == null || secret == null) {
            throw SettingName.incomplete(prefix, "access-key", access, "secret-key");
        }
        return named(prefix + "access-key", () -> rocket.credentials(access, secret));
    }

    private static <V> Rocket set(
            Rocket rocket, String property, @Nullable V value, BiFunction<Rocket, V, Rocket> setter) {
        return value == null ? rocket : named(property, () -> setter.apply(rocket, value));
    }
}
