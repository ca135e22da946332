package io.oncemq.it.kit;

import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.kit.transport.MemberTransport;
import java.time.Duration;

/** A RabbitMQ member whose silence is noticed within three seconds. */
public final class RabbitMember implements MemberTransport {
    public RabbitMember() {}

    @Override
    public TransportFactory at(String address) {
        return Rabbit.at(address).heartbeat(Duration.ofSeconds(1));
    }
}
