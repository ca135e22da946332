package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.jms.Artemis;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.testkit.server.ArtemisServer;
import org.junit.jupiter.api.Test;

class ArtemisIdentityIT {
    @Test
    void aBrokerKeepsItsIdentityThroughARestartAndSharesItWithNone() {
        try (ArtemisServer one = ArtemisServer.started();
                ArtemisServer other = ArtemisServer.started()) {
            String before = cluster(one);
            assertThat(before).hasSize(36).isEqualTo(cluster(one));
            assertThat(cluster(other)).hasSize(36).isNotEqualTo(before);
            one.kill();
            one.start();
            assertThat(cluster(one)).isEqualTo(before);
        }
    }

    /** The right to manage is not needed. */
    @Test
    void everyUserMayReadIt() {
        try (ArtemisServer server = ArtemisServer.builder().accessControl().build()) {
            server.start();
            server.createUser("nobody", "word");
            try (BrokerTransport transport = Artemis.at("127.0.0.1:" + server.port())
                    .login("nobody", "word")
                    .open("identity")) {
                assertThat(transport.cluster()).hasSize(36);
            }
        }
    }

    private static String cluster(ArtemisServer server) {
        try (BrokerTransport transport =
                Artemis.at("127.0.0.1:" + server.port()).open("identity")) {
            return transport.cluster();
        }
    }
}
