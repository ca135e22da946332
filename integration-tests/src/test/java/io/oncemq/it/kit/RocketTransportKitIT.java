package io.oncemq.it.kit;

import io.oncemq.testkit.kit.transport.TransportFixture;
import io.oncemq.testkit.kit.transport.TransportKit;
import java.util.Set;

/** The kit on a real RocketMQ and a real Redis. */
class RocketTransportKitIT extends TransportKit {
    @Override
    protected TransportFixture fixture() {
        return new RocketFixture();
    }

    @Override
    public String scheme() {
        return "rocketmq";
    }

    @Override
    protected Set<String> expectedSkips() {
        return Set.of("TimesToLive.whatExpiredLiesAmongTheDeadLettersOfEachGroup");
    }
}
