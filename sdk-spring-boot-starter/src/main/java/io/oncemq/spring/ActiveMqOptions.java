package io.oncemq.spring;

import static io.oncemq.spring.SettingName.bytes;
import static io.oncemq.spring.SettingName.named;

import io.oncemq.Tls;
import io.oncemq.jms.ActiveMq;
import io.oncemq.spi.Providers;
import io.oncemq.spi.TransportFactory;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** ActiveMQ Classic as properties say it. Loaded only where sdk-jms is. */
final class ActiveMqOptions {
    private ActiveMqOptions() {}

    static TransportFactory ofUri(
            String property, String uri, String prefix, ActiveMqProperties properties, TlsSettings encryption) {
        TransportFactory factory = named(property, () -> Providers.transport(uri));
        return factory instanceof ActiveMq activemq ? applied(activemq, prefix, properties, encryption) : factory;
    }

    static TransportFactory ofAddresses(
            String property, String addresses, String prefix, ActiveMqProperties properties, TlsSettings encryption) {
        return applied(named(property, () -> ActiveMq.at(addresses)), prefix, properties, encryption);
    }

    /** As a container tells it; its own login wins. */
    static TransportFactory ofContainer(
            BrokerUrl url,
            @Nullable String user,
            @Nullable String password,
            String prefix,
            ActiveMqProperties properties,
            TlsSettings encryption) {
        ActiveMq activemq = applied(
                named(url.source(), () -> ActiveMq.at(url.addresses())),
                prefix,
                properties,
                url.encryption(encryption));
        return user == null || password == null ? activemq : named(url.source(), () -> activemq.login(user, password));
    }

    private static ActiveMq applied(
            ActiveMq base, String prefix, ActiveMqProperties properties, TlsSettings encryption) {
        ActiveMq activemq = base;
        Tls tls = encryption.of(prefix, properties.getTls());
        if (tls != null) {
            activemq = activemq.tls(tls);
        }
        String user = properties.getUsername();
        String password = properties.getPassword();
        if ((user == null) != (password == null)) {
            throw SettingName.incomplete(prefix, user);
        }
        if (user != null && password != null) {
            ActiveMq before = activemq;
            activemq = named(prefix + "username", () -> before.login(user, password));
        }
        activemq = set(activemq, prefix + "connection-ttl", properties.getConnectionTtl(), ActiveMq::connectionTtl);
        activemq = set(
                activemq,
                prefix + "max-message-size",
                properties.getMaxMessageSize(),
                (before, size) -> before.maxMessageSize(bytes(prefix + "max-message-size", size)));
        return set(activemq, prefix + "prefetch", properties.getPrefetch(), ActiveMq::prefetch);
    }

    private static <V> ActiveMq set(
            ActiveMq activemq, String property, @Nullable V value, BiFunction<ActiveMq, V, ActiveMq> setter) {
        return value == null ? activemq : named(property, () -> setter.apply(activemq, value));
    }
}
