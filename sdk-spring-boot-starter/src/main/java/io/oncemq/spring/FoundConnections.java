package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.kafka.Kafka;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.TransportFactory;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads Boot's connection details, of which each kind is there only with its module. */
final class FoundConnections {
    private FoundConnections() {}

    /** The details, unless they only repeat Boot's own properties, whose security settings are not ours. */
    private static <D extends ConnectionDetails> @Nullable D foreign(ObjectProvider<D> provider) {
        return provider.stream()
                .filter(details -> !details.getClass().getSimpleName().startsWith("Properties"))
                .findFirst()
                .orElse(null);
    }

    private static void requirePlain(String kind, @Nullable SslBundle bundle, String prefix, TlsProperties tls) {
        if (bundle != null && TlsSettings.of(prefix, tls) == null) {
            throw new ConfigurationException(
                    kind,
                    "an SSL bundle",
                    "cannot be used: OnceMQ takes certificates from files",
                    "Set " + prefix + "tls.bundle to a bundle of files, or " + prefix + "tls.trust");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({KafkaConnectionDetails.class, Kafka.class})
    static class OfKafka {
        @Bean
        FoundBroker oncemqKafkaBroker(ObjectProvider<KafkaConnectionDetails> provider) {
            return new FoundKafka(provider);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({RabbitConnectionDetails.class, Rabbit.class})
    static class OfRabbit {
        @Bean
        FoundBroker oncemqRabbitBroker(ObjectProvider<RabbitConnectionDetails> provider) {
            return new FoundRabbit(provider);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({DataRedisConnectionDetails.class, RedisIdempotency.class})
    static class OfRedis {
        @Bean
        FoundStore oncemqRedisStore(ObjectProvider<DataRedisConnectionDetails> provider) {
            return properties -> {
                DataRedisConnectionDetails details = foreign(provider);
                if (details == null) {
                    return null;
                }
                requirePlain(
                        "DataRedisConnectionDetails",
                        details.getSslBundle(),
                        "oncemq.redis.",
                        properties.getRedis().getTls());
                return RedisDetails.store(details, properties.getRedis());
            };
        }
    }

    private record FoundKafka(ObjectProvider<KafkaConnectionDetails> provider) implements FoundBroker {
        @Override
        public String scheme() {
            return "kafka";
        }

        @Override
        public @Nullable TransportFactory find(ClientProperties properties) {
            KafkaConnectionDetails details = foreign(provider);
            if (details == null) {
                return null;
            }
            requirePlain(
                    "KafkaConnectionDetails",
                    details.getSslBundle(),
                    "oncemq.kafka.",
                    properties.getKafka().getTls());
            return KafkaOptions.ofServers(
                    "KafkaConnectionDetails",
                    String.join(",", details.getBootstrapServers()),
                    "oncemq.kafka.",
                    properties.getKafka());
        }
    }

    private record FoundRabbit(ObjectProvider<RabbitConnectionDetails> provider) implements FoundBroker {
        @Override
        public String scheme() {
            return "amqp";
        }

        @Override
        public @Nullable TransportFactory find(ClientProperties properties) {
            RabbitConnectionDetails details = foreign(provider);
            if (details == null) {
                return null;
            }
            requirePlain(
                    "RabbitConnectionDetails",
                    details.getSslBundle(),
                    "oncemq.rabbit.",
                    properties.getRabbit().getTls());
            String addresses = details.getAddresses().stream()
                    .map(address -> address.host() + ":" + address.port())
                    .collect(Collectors.joining(","));
            return RabbitOptions.ofContainer(
                    "RabbitConnectionDetails",
                    addresses,
                    details.getUsername(),
                    details.getPassword(),
                    details.getVirtualHost(),
                    "oncemq.rabbit.",
                    properties.getRabbit());
        }
    }
}
