package io.oncemq.it.kit;

import io.oncemq.kafka.Kafka;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.kit.transport.MemberTransport;

/** A Kafka member whose silence is noticed within three seconds. */
public final class KafkaMember implements MemberTransport {
    public KafkaMember() {}

    @Override
    public TransportFactory at(String address) {
        return Kafka.at(address)
                .consumerProperty("session.timeout.ms", 3_000)
                .consumerProperty("heartbeat.interval.ms", 500);
    }
}
