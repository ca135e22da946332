package io.oncemq.spring;

import static io.oncemq.spring.SettingName.bytes;
import static io.oncemq.spring.SettingName.named;

import io.oncemq.Tls;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.Providers;
import io.oncemq.spi.TransportFactory;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** RabbitMQ as properties say it. Loaded only where sdk-rabbit is. */
final class RabbitOptions {
    private RabbitOptions() {}

    static TransportFactory ofUri(
            String property, String uri, String prefix, RabbitProperties properties, TlsSettings encryption) {
        TransportFactory factory = named(property, () -> Providers.transport(uri));
        return factory instanceof Rabbit rabbit ? applied(rabbit, prefix, properties, encryption) : factory;
    }

    static TransportFactory ofAddresses(
            String property, String addresses, String prefix, RabbitProperties properties, TlsSettings encryption) {
        return applied(named(property, () -> Rabbit.at(addresses)), prefix, properties, encryption);
    }

    /** As a container tells it; its own login wins. */
    static TransportFactory ofContainer(
            String source,
            String addresses,
            @Nullable String user,
            @Nullable String password,
            @Nullable String virtualHost,
            String prefix,
            RabbitProperties properties,
            TlsSettings encryption) {
        Rabbit base = applied(named(source, () -> Rabbit.at(addresses)), prefix, properties, encryption);
        return named(source, () -> {
            Rabbit rabbit = user == null || password == null ? base : base.login(user, password);
            return virtualHost == null ? rabbit : rabbit.vhost(virtualHost);
        });
    }

    private static Rabbit applied(Rabbit base, String prefix, RabbitProperties properties, TlsSettings encryption) {
        Rabbit rabbit = base;
        Tls tls = encryption.of(prefix, properties.getTls());
        if (tls != null) {
            rabbit = rabbit.tls(tls);
        }
        String user = properties.getUsername();
        String password = properties.getPassword();
        if ((user == null) != (password == null)) {
            throw SettingName.incomplete(prefix, user);
        }
        if (user != null && password != null) {
            Rabbit before = rabbit;
            rabbit = named(prefix + "username", () -> before.login(user, password));
        }
        rabbit = set(rabbit, prefix + "virtual-host", properties.getVirtualHost(), Rabbit::vhost);
        rabbit = set(rabbit, prefix + "heartbeat", properties.getHeartbeat(), Rabbit::heartbeat);
        rabbit = set(rabbit, prefix + "consumer-timeout", properties.getConsumerTimeout(), Rabbit::consumerTimeout);
        rabbit = set(
                rabbit,
                prefix + "max-message-size",
                properties.getMaxMessageSize(),
                (before, size) -> before.maxMessageSize(bytes(prefix + "max-message-size", size)));
        rabbit = set(rabbit, prefix + "namespace", properties.getNamespace(), Rabbit::namespace);
        return set(rabbit, prefix + "keep-instances-for", properties.getKeepInstancesFor(), Rabbit::keepInstancesFor);
    }

    private static <V> Rabbit set(
            Rabbit rabbit, String property, @Nullable V value, BiFunction<Rabbit, V, Rabbit> setter) {
        return value == null ? rabbit : named(property, () -> setter.apply(rabbit, value));
    }
}
