package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.TransportFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.mock.env.MockEnvironment;

/** Connection details of a broker that is not the chosen one. */
class OtherDetailsTest {
    private final TransportFactory chosen = clientId -> {
        throw new UnsupportedOperationException(clientId);
    };

    private record Found(String scheme, TransportFactory transport) implements FoundBroker {
        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public TransportFactory find(String client, ClientProperties properties, TlsSettings tls) {
            if (transport == null) {
                throw new ConfigurationException(scheme, "?", "is malformed", "Correct it");
            }
            return transport;
        }
    }

    @Test
    void malformedDetailsOfAnotherBrokerDoNotStopTheStart() {
        OnceMqProperties properties = new OnceMqProperties();
        properties.setTransport("amqp://any:5672");
        ObjectProvider<OnceMqConnectionDetails> none =
                new DefaultListableBeanFactory().getBeanProvider(OnceMqConnectionDetails.class);
        ClientConnections connections = new ClientConnections(
                none,
                List.of(new Found("kafka", null), new Found("amqp", chosen)),
                List.of(),
                new TlsSettings(new MockEnvironment()));
        assertThat(connections.transport("", "oncemq.", properties)).isSameAs(chosen);
    }
}
