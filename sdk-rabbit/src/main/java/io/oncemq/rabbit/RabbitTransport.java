package io.oncemq.rabbit;

import com.rabbitmq.client.Connection;
import io.oncemq.Capabilities;
import io.oncemq.DestinationSpec;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishOrder;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;

/** One RabbitMQ server or cluster. Thread-safe. */
final class RabbitTransport implements BrokerTransport {
    private final Connections connections;
    private final Connection administration;

    private RabbitTransport(Connections connections, Connection administration) {
        this.connections = connections;
        this.administration = administration;
    }

    static RabbitTransport connect(RabbitSettings settings, String clientId) {
        Connections connections = new Connections(settings, clientId);
        return new RabbitTransport(connections, connections.open("administration"));
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of("rabbitmq").build();
    }

    /** AMQP 0-9-1 has no binding of CloudEvents: these are the names of the one for AMQP 1.0, which the server translates into such headers. */
    @Override
    public String cloudEventsPrefix() {
        return "cloudEvents_";
    }

    @Override
    public void ensure(DestinationSpec destination) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean exists(String destination) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PublishOrder publishOrder() {
        return PublishOrder.ONE_PER_KEY;
    }

    @Override
    public PublishSession openPublishSession(PublishListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        connections.close(administration, java.time.Duration.ofSeconds(1));
    }
}
