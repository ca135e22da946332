package io.oncemq.spring;

import static io.oncemq.spring.SettingName.bytes;
import static io.oncemq.spring.SettingName.named;

import io.oncemq.Tls;
import io.oncemq.jms.Artemis;
import io.oncemq.spi.Providers;
import io.oncemq.spi.TransportFactory;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** ActiveMQ Artemis as properties say it. Loaded only where sdk-jms is. */
final class ArtemisOptions {
    private ArtemisOptions() {}

    static TransportFactory ofUri(
            String property, String uri, String prefix, ArtemisProperties properties, TlsSettings encryption) {
        TransportFactory factory = named(property, () -> Providers.transport(uri));
        return factory instanceof Artemis artemis ? applied(artemis, prefix, properties, encryption) : factory;
    }

    static TransportFactory ofAddresses(
            String property, String addresses, String prefix, ArtemisProperties properties, TlsSettings encryption) {
        return applied(named(property, () -> Artemis.at(addresses)), prefix, properties, encryption);
    }

    /** As a container tells it; its own login wins. */
    static TransportFactory ofContainer(
            BrokerUrl url,
            @Nullable String user,
            @Nullable String password,
            String prefix,
            ArtemisProperties properties,
            TlsSettings encryption) {
        Artemis artemis = applied(
                named(url.source(), () -> Artemis.at(url.addresses())), prefix, properties, url.encryption(encryption));
        return user == null || password == null ? artemis : named(url.source(), () -> artemis.login(user, password));
    }

    private static Artemis applied(Artemis base, String prefix, ArtemisProperties properties, TlsSettings encryption) {
        Artemis artemis = base;
        Tls tls = encryption.of(prefix, properties.getTls());
        if (tls != null) {
            artemis = artemis.tls(tls);
        }
        String user = properties.getUsername();
        String password = properties.getPassword();
        if ((user == null) != (password == null)) {
            throw SettingName.incomplete(prefix, user);
        }
        if (user != null && password != null) {
            Artemis before = artemis;
            artemis = named(prefix + "username", () -> before.login(user, password));
        }
        artemis = set(artemis, prefix + "connection-ttl", properties.getConnectionTtl(), Artemis::connectionTtl);
        return set(
                artemis,
                prefix + "max-message-size",
                properties.getMaxMessageSize(),
                (before, size) -> before.maxMessageSize(bytes(prefix + "max-message-size", size)));
    }

    private static <V> Artemis set(
            Artemis artemis, String property, @Nullable V value, BiFunction<Artemis, V, Artemis> setter) {
        return value == null ? artemis : named(property, () -> setter.apply(artemis, value));
    }
}
