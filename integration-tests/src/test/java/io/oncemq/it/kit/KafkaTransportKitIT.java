package io.oncemq.it.kit;

import io.oncemq.testkit.kit.transport.TransportFixture;
import io.oncemq.testkit.kit.transport.TransportKit;
import java.util.Set;

/** The kit on a real Kafka and a real Redis. */
class KafkaTransportKitIT extends TransportKit {
    @Override
    protected TransportFixture fixture() {
        return KafkaFixture.shared();
    }

    @Override
    public String scheme() {
        return "kafka";
    }

    @Override
    protected Set<String> expectedSkips() {
        return Set.of();
    }
}
