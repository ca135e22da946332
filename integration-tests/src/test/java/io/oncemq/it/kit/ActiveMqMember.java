package io.oncemq.it.kit;

import io.oncemq.jms.ActiveMq;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.kit.transport.MemberTransport;
import java.time.Duration;

/** An ActiveMQ member whose silence is noticed within three seconds. */
public final class ActiveMqMember implements MemberTransport {
    public ActiveMqMember() {}

    @Override
    public TransportFactory at(String address) {
        return ActiveMq.at(address).connectionTtl(Duration.ofSeconds(3));
    }
}
