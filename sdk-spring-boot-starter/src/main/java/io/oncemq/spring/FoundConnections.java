package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.jms.ActiveMq;
import io.oncemq.jms.Artemis;
import io.oncemq.kafka.Kafka;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.redis.RedisIdempotency;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.activemq.autoconfigure.ActiveMQConnectionDetails;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.artemis.autoconfigure.ArtemisConnectionDetails;
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
    static <D extends ConnectionDetails> @Nullable D foreign(ObjectProvider<D> provider) {
        return provider.stream()
                .filter(details -> !details.getClass().getSimpleName().startsWith("Properties"))
                .findFirst()
                .orElse(null);
    }

    static void requirePlain(
            String kind, @Nullable SslBundle bundle, String prefix, TlsProperties properties, TlsSettings tls) {
        if (bundle != null && tls.of(prefix, properties) == null) {
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
    @ConditionalOnClass({ArtemisConnectionDetails.class, Artemis.class})
    static class OfArtemis {
        @Bean
        FoundBroker oncemqArtemisBroker(ObjectProvider<ArtemisConnectionDetails> provider) {
            return new FoundArtemis(provider);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ActiveMQConnectionDetails.class, ActiveMq.class})
    static class OfActiveMq {
        @Bean
        FoundBroker oncemqActiveMqBroker(ObjectProvider<ActiveMQConnectionDetails> provider) {
            return new FoundActiveMq(provider);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({DataRedisConnectionDetails.class, RedisIdempotency.class})
    static class OfRedis {
        @Bean
        FoundStore oncemqRedisStore(ObjectProvider<DataRedisConnectionDetails> provider) {
            return (client, properties, tls) -> {
                DataRedisConnectionDetails details = foreign(provider);
                if (details == null) {
                    return null;
                }
                requirePlain(
                        "DataRedisConnectionDetails",
                        details.getSslBundle(),
                        client + "redis.",
                        properties.getRedis().getTls(),
                        tls);
                return RedisDetails.store(details, client + "redis.", properties.getRedis(), tls);
            };
        }
    }
}
