package io.oncemq.core.consume;

import io.oncemq.ConfigurationException;
import io.oncemq.Feature;
import io.oncemq.FoundMessage;
import io.oncemq.MessageQuery;
import io.oncemq.Position;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoredMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Looks up messages, and names them as a subscription would. Blocks. */
public final class Lookup {
    private Lookup() {}

    /** See {@link io.oncemq.MessagingClient#find}. */
    public static List<FoundMessage> find(BrokerTransport transport, String destination, MessageQuery query) {
        transport.capabilities().require(Feature.FIND, "MessageQuery." + query.by(), query.value());
        if (!transport.exists(destination)) {
            throw new ConfigurationException(
                    "destination", destination, "does not exist on the broker", "Name one that has been ensured");
        }
        Identities identities = new Identities(destination, SubscriptionRun.cloudEventsPrefixes(transport), null);
        List<FoundMessage> found = new ArrayList<>();
        for (StoredMessage each : transport.find(destination, query)) {
            FoundMessage message = named(identities, each);
            String compared = query.by() == MessageQuery.By.ID ? message.id() : message.key();
            if (query.value().equals(compared)) {
                found.add(message);
            }
        }
        found.sort(Comparator.comparing(FoundMessage::timestamp));
        return List.copyOf(found);
    }

    private static FoundMessage named(Identities identities, StoredMessage stored) {
        InboundMessage message = stored.message();
        Shard shard = new Shard(stored.shard(), 0, Shard.AcknowledgeMode.CUMULATIVE);
        return new FoundMessage(
                identities.of(shard, message).id(),
                message.key(),
                message.headers(),
                message.body(),
                new Position(stored.shard(), message.offset()),
                Instant.ofEpochMilli(message.timestampMillis()));
    }
}
