package io.oncemq.it.kit;

import io.oncemq.jms.Artemis;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.kit.transport.MemberTransport;
import java.time.Duration;

/** An Artemis member whose silence is noticed within three seconds. */
public final class ArtemisMember implements MemberTransport {
    public ArtemisMember() {}

    @Override
    public TransportFactory at(String address) {
        return Artemis.at(address).connectionTtl(Duration.ofSeconds(3));
    }
}
