package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.activemq.autoconfigure.ActiveMQAutoConfiguration;
import org.springframework.boot.activemq.autoconfigure.ActiveMQConnectionDetails;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.artemis.autoconfigure.ArtemisAutoConfiguration;
import org.springframework.boot.artemis.autoconfigure.ArtemisConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class ConnectionDetailsTest {
    private final Toys toys = new Toys();

    /** Boot's own auto-configurations are there, and a client that connects to none of what is found. */
    private ApplicationContextRunner application() {
        return Toys.bare()
                .withConfiguration(AutoConfigurations.of(
                        KafkaAutoConfiguration.class,
                        RabbitAutoConfiguration.class,
                        ArtemisAutoConfiguration.class,
                        DataRedisAutoConfiguration.class))
                .withBean("mine", MessagingClient.class, this::toyClient);
    }

    private MessagingClient toyClient() {
        return MessagingClient.builder()
                .transport(toys.uri())
                .profile(Profile.DEV)
                .withoutIdempotency()
                .build();
    }

    private static TlsSettings tls(ApplicationContext context) {
        return new TlsSettings(context.getEnvironment());
    }

    private static @Nullable Object store(ApplicationContext context) {
        return context.getBean(FoundStore.class).find("oncemq.", context.getBean(OnceMqProperties.class), tls(context));
    }

    private static List<String> brokers(ApplicationContext context) {
        return context.getBeanProvider(FoundBroker.class)
                .orderedStream()
                .map(broker -> broker.find("oncemq.", context.getBean(OnceMqProperties.class), tls(context)))
                .filter(Objects::nonNull)
                .map(Object::toString)
                .toList();
    }

    @Test
    void bootsOwnPropertiesAreNoSource() {
        application().run(context -> {
            assertThat(context)
                    .hasSingleBean(KafkaConnectionDetails.class)
                    .hasSingleBean(ArtemisConnectionDetails.class)
                    .hasSingleBean(RabbitConnectionDetails.class);
            assertThat(brokers(context)).isEmpty();
            assertThat(store(context)).isNull();
        });
    }

    /** Boot configures one of the two brokers for JMS. */
    @Test
    void bootsOwnPropertiesOfClassicAreNoSource() {
        Toys.bare()
                .withConfiguration(AutoConfigurations.of(ActiveMQAutoConfiguration.class))
                .withBean("mine", MessagingClient.class, this::toyClient)
                .run(context -> {
                    assertThat(context).hasSingleBean(ActiveMQConnectionDetails.class);
                    assertThat(brokers(context)).isEmpty();
                });
    }

    @Test
    void kafkaOfAContainerIsTakenWithTheOptionsOfProperties() {
        application()
                .withBean(KafkaConnectionDetails.class, () -> () -> List.of("container:9", "container:10"))
                .withPropertyValues("oncemq.kafka.group-protocol=consumer", "oncemq.kafka.consumer-groups=per-group")
                .run(context -> assertThat(brokers(context))
                        .singleElement()
                        .asString()
                        .contains("container:9,container:10", "group.protocol=consumer", "consumer.groups=group"));
    }

    private record SecuredKafka(String protocol) implements KafkaConnectionDetails {
        @Override
        public List<String> getBootstrapServers() {
            return List.of("container:9");
        }

        @Override
        public String getSecurityProtocol() {
            return protocol;
        }
    }

    @Test
    void encryptedKafkaStaysEncrypted() {
        application()
                .withBean(KafkaConnectionDetails.class, () -> new SecuredKafka("SASL_SSL"))
                .withPropertyValues("oncemq.kafka.username=me", "oncemq.kafka.password=s3cret")
                .run(context -> assertThat(brokers(context))
                        .singleElement()
                        .asString()
                        .contains("Tls[trusting the JDK's authorities]", "SCRAM-SHA-512 as user me")
                        .doesNotContain("s3cret"));
    }

    @Test
    void kafkaThatAsksForALoginNeedsOne() {
        Toys.bare()
                .withBean(KafkaConnectionDetails.class, () -> new SecuredKafka("SASL_SSL"))
                .run(context -> assertThat(Toys.told(context.getStartupFailure()))
                        .contains("oncemq.kafka.username = (none)", "SASL_SSL", "oncemq.kafka.password"));
    }

    @Test
    void encryptionThatIsSwitchedOffContradictsEncryptedKafka() {
        Toys.bare()
                .withBean(KafkaConnectionDetails.class, () -> new SecuredKafka("SSL"))
                .withPropertyValues("oncemq.kafka.tls.enabled=false")
                .run(context -> assertThat(Toys.told(context.getStartupFailure()))
                        .contains("oncemq.kafka.tls.enabled = false", "KafkaConnectionDetails"));
    }

    @Test
    void rabbitOfAContainerIsTakenWithItsLogin() {
        application()
                .withBean(RabbitConnectionDetails.class, OwnRabbit::new)
                .run(context -> assertThat(brokers(context))
                        .singleElement()
                        .asString()
                        .contains("container", "5679", "as tester")
                        .doesNotContain("s3cret"));
    }

    private static final class OwnRabbit implements RabbitConnectionDetails {
        @Override
        public String getUsername() {
            return "tester";
        }

        @Override
        public String getPassword() {
            return "s3cret";
        }

        @Override
        public List<Address> getAddresses() {
            return List.of(new Address("container", 5679));
        }
    }

    @Test
    void redisOfAContainerIsTakenWithItsLogin() {
        application()
                .withBean(DataRedisConnectionDetails.class, OwnRedis::new)
                .run(context -> assertThat(store(context))
                        .asString()
                        .contains("redis://container:6399/3", "password=***")
                        .doesNotContain("s3cret"));
    }

    private static final class OwnRedis implements DataRedisConnectionDetails {
        @Override
        public String getPassword() {
            return "s3cret";
        }

        @Override
        public Standalone getStandalone() {
            return Standalone.of("container", 6399, 3);
        }
    }

    @Test
    void detailsOfOneClientWinOverItsProperties() {
        toys.application("g", "d")
                .withPropertyValues("oncemq.transport=toy://away")
                .withBean(OnceMqConnectionDetails.class, () -> new OnceMqConnectionDetails() {
                    @Override
                    public String getTransport() {
                        return toys.uri();
                    }
                })
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(toys.broker().clients()).isOne();
                });
    }

    @Test
    void certificatesOfABundleAreRefusedWithTheProperty() {
        Toys.bare()
                .withBean(KafkaConnectionDetails.class, () -> new KafkaConnectionDetails() {
                    @Override
                    public List<String> getBootstrapServers() {
                        return List.of("container:9");
                    }

                    @Override
                    public SslBundle getSslBundle() {
                        return SslBundle.of(null);
                    }
                })
                .run(context ->
                        assertThat(Toys.told(context.getStartupFailure())).contains("oncemq.kafka.tls.trust"));
    }

    @Test
    void severalBrokersNeedASchemeToChoose() {
        Toys.bare()
                .withBean(KafkaConnectionDetails.class, () -> () -> List.of("container:9"))
                .withBean(RabbitConnectionDetails.class, OwnRabbit::new)
                .run(context -> assertThat(Toys.told(context.getStartupFailure()))
                        .contains("oncemq.transport = (none)", "kafka", "amqp"));
    }

    @Test
    void worksWithoutTheModulesOfBoot() {
        toys.application("g", "d")
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.kafka",
                        "org.springframework.boot.amqp",
                        "org.springframework.boot.artemis",
                        "org.springframework.boot.activemq",
                        "org.springframework.boot.data",
                        "org.springframework.boot.health",
                        "org.springframework.boot.actuate"))
                .run(context -> assertThat(context).hasNotFailed());
    }
}
