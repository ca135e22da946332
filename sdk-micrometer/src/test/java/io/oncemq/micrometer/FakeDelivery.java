package io.oncemq.micrometer;

import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.OutboundMessage;
import io.oncemq.Position;
import io.oncemq.Publisher;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** The second attempt of a message that was read from place 7. */
final class FakeDelivery implements Delivery<String> {
    private final Headers headers;

    FakeDelivery() {
        this(Headers.empty());
    }

    FakeDelivery(Headers headers) {
        this.headers = headers;
    }

    @Override
    public String body() {
        return "body";
    }

    @Override
    public String id() {
        return "order-1";
    }

    @Override
    public String key() {
        return "customer-1";
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public Optional<String> attribute(String name) {
        return Optional.empty();
    }

    @Override
    public int attempt() {
        return 2;
    }

    @Override
    public boolean redelivered() {
        return true;
    }

    @Override
    public Position position() {
        return new Position("orders-0", 7);
    }

    @Override
    public Optional<String> replay() {
        return Optional.of("august");
    }

    @Override
    public Instant timestamp() {
        return Instant.EPOCH;
    }

    @Override
    public OptionalLong fencingToken() {
        return OptionalLong.empty();
    }

    @Override
    public boolean isOwned() {
        return true;
    }

    @Override
    public <R> void publishOnSuccess(Publisher<R> publisher, OutboundMessage<R> message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <R> void publishOnSuccess(Publisher<R> publisher, String name, OutboundMessage<R> message) {
        throw new UnsupportedOperationException();
    }
}
