package io.oncemq.it.kit;

import io.oncemq.testkit.kit.transport.TransportFixture;
import io.oncemq.testkit.kit.transport.TransportKit;
import io.oncemq.testkit.server.NeedsRabbit;
import java.util.Set;
import org.junit.jupiter.api.Tag;

/** The kit on a real RabbitMQ, with quorum queues, and a real Redis. */
@NeedsRabbit
@Tag("containers")
class RabbitTransportKitIT extends TransportKit {
    @Override
    protected TransportFixture fixture() {
        return new RabbitFixture();
    }

    @Override
    public String scheme() {
        return "amqp";
    }

    /** A queue keeps messages from the time when the group was ensured; there is no other place to start at. */
    @Override
    protected Set<String> expectedSkips() {
        return Set.of(
                "Filters.aGroupGetsWhatItsFilterNamesInOrderAndOthersGetAll", "Positions.latestSkipsWhatWasThere");
    }
}
