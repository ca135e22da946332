package io.oncemq.it.kit;

import io.oncemq.kafka.GroupProtocol;
import io.oncemq.testkit.kit.transport.TransportFixture;
import io.oncemq.testkit.kit.transport.TransportKit;
import java.util.Set;
import org.junit.jupiter.api.Tag;

/** The kit on a real Kafka and a real Redis, where the members of a group assign the partitions. */
@Tag("containers")
class KafkaTransportKitIT extends TransportKit {
    @Override
    protected TransportFixture fixture() {
        return KafkaFixture.classic();
    }

    @Override
    public String scheme() {
        return "kafka";
    }

    @Override
    public String variant() {
        return GroupProtocol.CLASSIC.name();
    }

    @Override
    protected Set<String> expectedSkips() {
        return Set.of(
                "Filters.aGroupGetsWhatItsFilterNamesInOrderAndOthersGetAll",
                "TimesToLive.whatExpiredLiesAmongTheDeadLettersOfEachGroup");
    }
}
