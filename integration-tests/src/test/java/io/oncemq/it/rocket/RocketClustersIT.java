package io.oncemq.it.rocket;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.rocket.Rocket;
import io.oncemq.testkit.server.RocketServer;
import org.junit.jupiter.api.Test;

class RocketClustersIT {
    /** Which one is asked is up to the client: a publisher and its consumers would miss each other. */
    @Test
    void refusesNameServersOfTwoClusters() {
        RocketServer one = RocketRig.server();
        try (RocketServer another = RocketServer.started()) {
            Rocket both = Rocket.at(one.nameServer() + "," + another.nameServer());
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> both.open("clusters-it").close())
                    .withMessageContaining("different clusters")
                    .withMessageContaining(another.nameServer());
            another.kill();
            both.open("clusters-it").close();
        }
    }
}
