package io.oncemq.it.kit;

import io.oncemq.kafka.GroupProtocol;
import io.oncemq.testkit.kit.transport.TransportFixture;
import io.oncemq.testkit.kit.transport.TransportKit;
import java.util.Set;

/** The kit on a real Kafka and a real Redis, where the broker assigns the partitions (KIP-848). */
class KafkaConsumerProtocolKitIT extends TransportKit {
    @Override
    protected TransportFixture fixture() {
        return KafkaFixture.consumerProtocol();
    }

    @Override
    public String scheme() {
        return "kafka";
    }

    @Override
    public String variant() {
        return GroupProtocol.CONSUMER.name();
    }

    @Override
    protected Set<String> expectedSkips() {
        return Set.of(
                "Filters.aGroupGetsWhatItsFilterNamesInOrderAndOthersGetAll",
                "TimesToLive.whatExpiredLiesAmongTheDeadLettersOfEachGroup");
    }
}
