package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.kafka.Kafka;
import io.oncemq.testkit.server.KafkaServer;
import org.junit.jupiter.api.Test;

class KafkaClustersIT {
    /** Which one answers first is chance: a publisher and its consumers would miss each other. */
    @Test
    void refusesBootstrapAddressesOfTwoClustersAndJudgesNoneThatIsUnreachable() {
        String one = SharedKafka.bootstrap();
        try (KafkaServer another = KafkaServer.started()) {
            String address = another.bootstrap();
            Kafka both = Kafka.at(one + "," + address);
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> both.open("clusters-it").close())
                    .satisfies(refusal -> {
                        org.assertj.core.api.Assertions.assertThat(refusal.property())
                                .isEqualTo("bootstrap.servers");
                        assertThat(refusal)
                                .hasMessageContaining("different clusters")
                                .hasMessageContaining(one + " belongs to ")
                                .hasMessageContaining(address + " belongs to ");
                    });
            another.kill();
            both.open("clusters-it").close();
            // The same broker by another of its names.
            Kafka.at(one + ",localhost:" + one.substring(one.lastIndexOf(':') + 1))
                    .open("clusters-it")
                    .close();
        }
    }
}
