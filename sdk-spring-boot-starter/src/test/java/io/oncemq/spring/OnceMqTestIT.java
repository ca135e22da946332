package io.oncemq.spring;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.testkit.server.ActiveMqServer;
import io.oncemq.testkit.server.ArtemisServer;
import io.oncemq.testkit.server.BackEnd;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RocketServer;
import io.oncemq.testkit.server.Server;
import io.oncemq.testkit.spring.OnceMqTest;
import io.oncemq.testkit.spring.TestBroker;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;

/** An application under {@code @OnceMqTest} on each broker: its properties name none, and a message is published and handled. */
@Tag("containers")
class OnceMqTestIT {
    /** No other test's: the servers are shared. */
    private static final String ORDERS = "once-mq-test";

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Shop {
        private final List<String> charged = new CopyOnWriteArrayList<>();

        @Bean
        DestinationSpec orders() {
            return DestinationSpec.builder(ORDERS)
                    .partitions(1)
                    .group("billing")
                    .build();
        }

        @OnceListener(destination = ORDERS, group = "billing")
        void charge(String order) {
            charged.add(order);
        }
    }

    /** Closed at its end, so that its threads are not taken for those of the tests after it. */
    @DirtiesContext
    @SpringBootTest(classes = Shop.class, webEnvironment = WebEnvironment.NONE)
    abstract static class Orders {
        @Autowired
        private MessagingClient mq;

        @Autowired
        private Shop shop;

        @Autowired
        private List<Server> servers;

        @Test
        void anOrderThatIsSentTwiceIsChargedOnce() {
            String first = UUID.randomUUID().toString();
            String second = UUID.randomUUID().toString();
            Publisher<String> orders = mq.publisher(ORDERS, Codecs.string());
            for (String order : List.of(first, first, second)) {
                orders.publish(OutboundMessage.of(order).id(order).key("ann")).join();
            }
            await().atMost(120, SECONDS).until(() -> shop.charged.contains(second));
            assertThat(shop.charged)
                    .filteredOn(order -> order.equals(first) || order.equals(second))
                    .containsExactly(first, second);
        }

        /** Those that can: see docs/testing.md. */
        @Test
        @Tag("needs-engine")
        void serversRunInContainers() {
            assertThat(servers)
                    .filteredOn(server -> server instanceof KafkaServer
                            || server instanceof RabbitServer
                            || server instanceof RedisServer)
                    .isNotEmpty()
                    .extracting(Server::backEnd)
                    .containsOnly(BackEnd.DOCKER);
        }

        @Test
        void theServersAreBeans() {
            assertThat(servers)
                    .extracting(server -> (Object) server.getClass())
                    .containsExactlyInAnyOrder(broker(), RedisServer.class);
        }

        abstract Class<? extends Server> broker();
    }

    @Nested
    @OnceMqTest(broker = TestBroker.KAFKA)
    class OnKafka extends Orders {
        @Override
        Class<KafkaServer> broker() {
            return KafkaServer.class;
        }
    }

    @Nested
    @NeedsRabbit
    @OnceMqTest(broker = TestBroker.RABBIT)
    class OnRabbit extends Orders {
        @Override
        Class<RabbitServer> broker() {
            return RabbitServer.class;
        }
    }

    @Nested
    @OnceMqTest(broker = TestBroker.ROCKETMQ)
    class OnRocket extends Orders {
        @Override
        Class<RocketServer> broker() {
            return RocketServer.class;
        }
    }

    @Nested
    @OnceMqTest(broker = TestBroker.ARTEMIS)
    class OnArtemis extends Orders {
        @Override
        Class<ArtemisServer> broker() {
            return ArtemisServer.class;
        }
    }

    @Nested
    @OnceMqTest(broker = TestBroker.ACTIVEMQ)
    class OnClassic extends Orders {
        @Override
        Class<ActiveMqServer> broker() {
            return ActiveMqServer.class;
        }
    }

    @Test
    void everyBrokerIsTested() {
        Set<TestBroker> brokers = EnumSet.complementOf(EnumSet.of(TestBroker.AUTO, TestBroker.NONE));
        assertThat(Arrays.stream(OnceMqTestIT.class.getDeclaredClasses())
                        .map(each -> each.getAnnotation(OnceMqTest.class))
                        .filter(Objects::nonNull)
                        .map(OnceMqTest::broker)
                        .collect(Collectors.toSet()))
                .isEqualTo(brokers);
    }
}
