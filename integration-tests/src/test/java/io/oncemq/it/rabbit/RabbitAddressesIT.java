package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.FreePorts;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two brokers in one list of addresses that are not one cluster would split each destination between them. */
@NeedsRabbit
class RabbitAddressesIT {
    /** The class and the method of AMQP, a reserved field, and the length of the name. */
    private static final byte[] DECLARES_A_QUEUE_WITHOUT_A_NAME = {0, 50, 0, 10, 0, 0, 0};

    private static RabbitServer one;
    private static RabbitServer other;

    @BeforeAll
    static void start() {
        one = RabbitServer.builder().build();
        one.start();
        other = RabbitServer.builder().build();
        other.start();
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    private static String both() {
        return "127.0.0.1:" + one.port() + ",127.0.0.1:" + other.port();
    }

    private static Rabbit as(String addresses, String user, String password) {
        return Rabbit.at(addresses).login(user, password);
    }

    @Test
    void twoBrokersThatAreNoClusterAreRefusedByName() {
        for (int i = 0; i < 4; i++) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> as(both(), one.user(), one.password()).open("split"))
                    .withMessageContaining("127.0.0.1:" + one.port())
                    .withMessageContaining("127.0.0.1:" + other.port())
                    .satisfies(refused -> assertThat(refused.property()).isEqualTo("addresses"));
        }
    }

    @Test
    void severalAddressesOfOneBrokerAreTaken() {
        String addresses = "127.0.0.1:" + one.port() + ",localhost:" + one.port() + ",127.0.0.1:" + FreePorts.reserve();
        for (int i = 0; i < 4; i++) {
            as(addresses, one.user(), one.password()).open("same").close();
        }
    }

    /** The client itself waits 20 s for the answer. */
    @Test
    void aServerThatDoesNotAnswerTheQuestionDelaysTheStartBySecondsOnly() {
        try (TcpProxy proxy = TcpProxy.to(one.port())) {
            proxy.swallowReplyTo(DECLARES_A_QUEUE_WITHOUT_A_NAME);
            String addresses = "127.0.0.1:" + proxy.port() + ",localhost:" + proxy.port();
            long begun = System.nanoTime();
            as(addresses, one.user(), one.password()).open("silent").close();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(16));
            assertThat(proxy.swallowedBytes()).isPositive();
        }
    }

    /** Without the right to make a queue only the names can be compared, and default names tell nothing. */
    @Test
    void aUserWithoutThatRightIsProtectedByNamesThatOperatorsHaveSet() {
        for (RabbitServer server : new RabbitServer[] {one, other}) {
            server.createUser("bare", "word", "/", "", "", "");
        }
        as(both(), "bare", "word").open("unknown").close();
        try {
            name(one, "east");
            name(other, "west");
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> as(both(), "bare", "word").open("named"))
                    .withMessageContaining("east")
                    .withMessageContaining("west");
        } finally {
            for (RabbitServer server : new RabbitServer[] {one, other}) {
                server.eval("ok = rabbit_runtime_parameters:clear_global(cluster_name, <<\"test\">>)");
            }
        }
    }

    /** As {@code rabbitmqctl set_cluster_name} does. */
    private static void name(RabbitServer server, String name) {
        server.eval("rabbit_nodes:set_cluster_name(<<\"" + name + "\">>, <<\"test\">>)");
    }
}
