package io.oncemq.testkit.kit.transport;

import io.oncemq.Capabilities;
import io.oncemq.Capabilities.Level;
import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishOrder;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.support.ExistingPartitions;
import java.util.List;

/** A client of a {@link MemoryBroker}. */
final class MemoryTransport implements BrokerTransport {
    private final MemoryBroker broker;
    private final MemoryLogin login;
    private final List<String> addresses;

    MemoryTransport(MemoryBroker broker) {
        this(broker, MemoryLogin.OPERATOR);
    }

    MemoryTransport(MemoryBroker broker, String address) {
        this(broker, MemoryLogin.OPERATOR, List.of(address));
    }

    MemoryTransport(MemoryBroker broker, MemoryLogin login) {
        this(broker, login, List.of());
    }

    private MemoryTransport(MemoryBroker broker, MemoryLogin login, List<String> addresses) {
        this.broker = broker;
        this.login = login;
        this.addresses = addresses;
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of("memory")
                .with(Feature.PUBLISHER_CONFIRMS, Level.NATIVE, "")
                .with(Feature.MANUAL_ACKNOWLEDGEMENT, Level.NATIVE, "")
                .with(Feature.ORDER_PER_KEY, Level.NATIVE, "")
                .with(Feature.CONSUMER_GROUPS, Level.NATIVE, "")
                .with(Feature.START_POSITION, Level.NATIVE, "")
                .with(Feature.DEAD_LETTER, Level.EMULATED, "")
                .with(Feature.RETRY_IN_ORDER, Level.EMULATED, "")
                .with(Feature.BLOCK_ON_EXHAUSTED, Level.NATIVE, "")
                .with(Feature.BROADCAST, Level.EMULATED, "")
                .with(Feature.QUARANTINE, Level.EMULATED, "")
                .build();
    }

    @Override
    public String cloudEventsPrefix() {
        return "ce_";
    }

    @Override
    public void ensure(DestinationSpec destination) {
        login.check(Right.Use.ENSURE, destination.name());
        broker.create(
                destination.name(),
                ExistingPartitions.orExisting(destination, () -> 0).partitions());
    }

    @Override
    public boolean exists(String destination) {
        return broker.exists(destination);
    }

    @Override
    public List<String> addresses() {
        return MemoryTransportKit.defect == Defect.NAMES_NO_ADDRESS ? List.of() : addresses;
    }

    @Override
    public void ping() {
        if (broker.isSilent()) {
            throw new ConnectionException("the broker does not answer");
        }
    }

    @Override
    public PublishOrder publishOrder() {
        return PublishOrder.SESSION_PREFIX;
    }

    @Override
    public PublishSession openPublishSession(PublishListener listener) {
        return new MemorySession(broker, login, listener);
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        return new MemorySource(broker, login, spec, listener);
    }

    @Override
    public void close() {}
}
