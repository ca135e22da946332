package io.oncemq.it.kit;

import io.oncemq.rocket.Rocket;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.kit.transport.MemberTransport;

/** A RocketMQ member; how soon its silence is noticed is a setting of {@link RocketFixture}'s broker. */
public final class RocketMember implements MemberTransport {
    public RocketMember() {}

    @Override
    public TransportFactory at(String address) {
        return Rocket.at(address).lockExpiry(RocketFixture.LOCK_EXPIRY);
    }
}
