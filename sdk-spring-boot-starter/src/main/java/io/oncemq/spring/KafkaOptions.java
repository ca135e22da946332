package io.oncemq.spring;

import static io.oncemq.spring.SettingName.named;

import io.oncemq.Tls;
import io.oncemq.kafka.ConsumerGroups;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.Providers;
import io.oncemq.spi.TransportFactory;
import java.time.Duration;
import java.util.Map;

/** Kafka as properties say it. Loaded only where sdk-kafka is. */
final class KafkaOptions {
    private KafkaOptions() {}

    static TransportFactory ofUri(
            String property, String uri, String prefix, KafkaProperties properties, TlsSettings encryption) {
        TransportFactory factory = named(property, () -> Providers.transport(uri));
        return factory instanceof Kafka kafka ? applied(kafka, prefix, properties, encryption) : factory;
    }

    static TransportFactory ofServers(
            String property, String servers, String prefix, KafkaProperties properties, TlsSettings encryption) {
        return applied(named(property, () -> Kafka.at(servers)), prefix, properties, encryption);
    }

    private static Kafka applied(Kafka base, String prefix, KafkaProperties properties, TlsSettings encryption) {
        Kafka kafka = base;
        Tls tls = encryption.of(prefix, properties.getTls());
        if (tls != null) {
            kafka = kafka.tls(tls);
        }
        kafka = login(kafka, prefix, properties);
        KafkaProperties.Protocol protocol = properties.getGroupProtocol();
        if (protocol != null) {
            Kafka without = kafka;
            kafka = named(
                    prefix + "group-protocol", () -> without.groupProtocol(GroupProtocol.valueOf(protocol.name())));
        }
        KafkaProperties.Groups groups = properties.getConsumerGroups();
        if (groups != null) {
            kafka = kafka.consumerGroups(ConsumerGroups.valueOf(groups.name()));
        }
        Duration commits = properties.getCommitInterval();
        if (commits != null) {
            Kafka without = kafka;
            kafka = named(prefix + "commit-interval", () -> without.commitInterval(commits));
        }
        kafka = each(kafka, prefix + "properties.", properties.getProperties(), Kafka::clientProperty);
        kafka = each(
                kafka, prefix + "producer-properties.", properties.getProducerProperties(), Kafka::producerProperty);
        return each(
                kafka, prefix + "consumer-properties.", properties.getConsumerProperties(), Kafka::consumerProperty);
    }

    private static Kafka login(Kafka kafka, String prefix, KafkaProperties properties) {
        String user = properties.getUsername();
        String password = properties.getPassword();
        if (user == null && password == null) {
            return kafka;
        }
        if (user == null || password == null) {
            throw SettingName.incomplete(prefix, user);
        }
        return switch (properties.getMechanism()) {
            case SCRAM_SHA_512 -> kafka.scram(user, password);
            case SCRAM_SHA_256 -> kafka.scramSha256(user, password);
            case PLAIN -> kafka.plain(user, password);
        };
    }

    private static Kafka each(Kafka base, String prefix, Map<String, String> properties, Property setter) {
        Kafka kafka = base;
        for (Map.Entry<String, String> entry : properties.entrySet()) {
            Kafka before = kafka;
            kafka = named(prefix + entry.getKey(), () -> setter.set(before, entry.getKey(), entry.getValue()));
        }
        return kafka;
    }

    @FunctionalInterface
    private interface Property {
        Kafka set(Kafka kafka, String name, Object value);
    }
}
