package io.oncemq.it.kit;

import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.kit.transport.MemberTransport;

/** A Kafka member of the consumer protocol; how soon its silence is noticed is a setting of {@link KafkaFixture}'s broker. */
public final class KafkaConsumerProtocolMember implements MemberTransport {
    public KafkaConsumerProtocolMember() {}

    @Override
    public TransportFactory at(String address) {
        return Kafka.at(address).groupProtocol(GroupProtocol.CONSUMER);
    }
}
