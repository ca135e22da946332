package io.oncemq.testkit.handler;

import io.oncemq.ConfigurationException;
import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.OutboundMessage;
import io.oncemq.Position;
import io.oncemq.Publisher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A delivery for a unit test of a handler. It records what the handler derives with {@code publishOnSuccess}, and refuses what a real
 * delivery refuses, except features that a broker does not have. Any {@link Publisher} will do, such as a {@link RecordingPublisher}. Thread-safe.
 *
 * <p>Derived messages are recorded and never sent, since a real delivery sends them only after its handler has succeeded. If the handler
 * throws, none of them would have been sent.
 */
public final class TestDelivery<T> implements Delivery<T> {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final Builder<T> made;
    private final Headers headers;
    private final Map<Place, DerivedMessage<?>> derived = new LinkedHashMap<>();
    private volatile boolean owned = true;
    private volatile boolean ended;

    private record Place(String destination, String name) {}

    private TestDelivery(Builder<T> builder) {
        this.made = builder.copy();
        this.headers = made.headers.build();
    }

    /** A first attempt with an id of its own, no key and no headers. The body is null for a tombstone. */
    public static <T> TestDelivery<T> of(@Nullable T body) {
        return builder(body).build();
    }

    /** The same, to be changed. The body is null for a tombstone. */
    public static <T> Builder<T> builder(@Nullable T body) {
        return new Builder<>(body, NUMBERS.incrementAndGet());
    }

    /** What the handler derived, in its order. */
    public List<DerivedMessage<?>> derived() {
        synchronized (derived) {
            return List.copyOf(derived.values());
        }
    }

    /**
     * What the handler derived for the destination of a publisher, in its order, with the type of the publisher.
     *
     * @throws ClassCastException later, if the handler passed messages of another type for the destination
     */
    @SuppressWarnings("unchecked")
    public <R> List<OutboundMessage<R>> derived(Publisher<R> publisher) {
        List<OutboundMessage<R>> found = new ArrayList<>();
        for (DerivedMessage<?> each : derived()) {
            if (each.destination().equals(publisher.destination())) {
                found.add((OutboundMessage<R>) each.message());
            }
        }
        return List.copyOf(found);
    }

    /** From now on {@link #isOwned} is false, as after a lost partition or a lapsed lease. */
    public void lose() {
        owned = false;
    }

    /** From now on {@code publishOnSuccess} fails, as after the end of the handler. */
    public void end() {
        ended = true;
    }

    @Override
    public @Nullable T body() {
        return made.body;
    }

    @Override
    public String id() {
        return made.id;
    }

    @Override
    public @Nullable String key() {
        return made.key;
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public Optional<String> attribute(String name) {
        return Optional.ofNullable(made.attributes.get(name));
    }

    @Override
    public int attempt() {
        return made.attempt;
    }

    @Override
    public boolean redelivered() {
        return made.redelivered || made.attempt > 1;
    }

    @Override
    public Position position() {
        return made.position;
    }

    @Override
    public Optional<String> replay() {
        return Optional.ofNullable(made.replay);
    }

    @Override
    public Instant timestamp() {
        return made.timestamp;
    }

    @Override
    public OptionalLong fencingToken() {
        return made.fencingToken;
    }

    @Override
    public boolean isOwned() {
        return owned;
    }

    @Override
    public <R> void publishOnSuccess(Publisher<R> publisher, OutboundMessage<R> message) {
        publishOnSuccess(publisher, "", message);
    }

    @Override
    public <R> void publishOnSuccess(Publisher<R> publisher, String name, OutboundMessage<R> message) {
        if (ended) {
            throw new IllegalStateException(
                    "the handler of message " + id() + " has ended; nothing can be derived any more");
        }
        if (message.hasGivenId()) {
            throw new ConfigurationException(
                    "Delivery.publishOnSuccess",
                    message.id(),
                    "a derived message carries an id of its own",
                    "Leave the id out; it is made from the delivery's");
        }
        String destination = publisher.destination();
        synchronized (derived) {
            if (derived.putIfAbsent(new Place(destination, name), new DerivedMessage<>(destination, name, message))
                    != null) {
                throw new ConfigurationException(
                        "Delivery.publishOnSuccess",
                        destination + (name.isEmpty() ? "" : "/" + name),
                        "already has a derived message of this delivery",
                        "Give the second one a name of its own");
            }
        }
    }

    /** Without the body, which may be confidential. */
    @Override
    public String toString() {
        return "TestDelivery[id=" + id() + ", key=" + key() + ", attempt=" + attempt() + "]";
    }

    /** Collects what a delivery says. Not thread-safe. */
    public static final class Builder<T> {
        private static final Instant SOME_TIME = Instant.parse("2026-01-01T00:00:00Z");

        private final @Nullable T body;
        private final Headers.Builder headers;
        private final Map<String, String> attributes;
        private String id;
        private Position position;
        private OptionalLong fencingToken;
        private @Nullable String key;
        private @Nullable String replay;
        private Instant timestamp = SOME_TIME;
        private int attempt = 1;
        private boolean redelivered;

        private Builder(@Nullable T body, long number) {
            this(body, Headers.builder(), new LinkedHashMap<>(), number);
        }

        private Builder(@Nullable T body, Headers.Builder headers, Map<String, String> attributes, long number) {
            this.body = body;
            this.headers = headers;
            this.attributes = attributes;
            this.id = "test-" + number;
            this.position = new Position("test", number);
            this.fencingToken = OptionalLong.of(number);
        }

        private Builder<T> copy() {
            Builder<T> copy = new Builder<>(body, headers.build().toBuilder(), new LinkedHashMap<>(attributes), 0);
            copy.id = id;
            copy.position = position;
            copy.fencingToken = fencingToken;
            copy.key = key;
            copy.replay = replay;
            copy.timestamp = timestamp;
            copy.attempt = attempt;
            copy.redelivered = redelivered;
            return copy;
        }

        /** Default: one that no other delivery of this JVM has. */
        public Builder<T> id(String value) {
            id = value;
            return this;
        }

        /** Default: none. */
        public Builder<T> key(@Nullable String value) {
            key = value;
            return this;
        }

        /** Adds a header. */
        public Builder<T> header(String name, String value) {
            headers.add(name, value);
            return this;
        }

        /** Adds a header. */
        public Builder<T> header(String name, byte[] value) {
            headers.add(name, value);
            return this;
        }

        /** Sets an attribute of CloudEvents, without a header. */
        public Builder<T> attribute(String name, String value) {
            attributes.put(name, value);
            return this;
        }

        /**
         * Default: 1.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder<T> attempt(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("attempt " + value + " does not exist: the first attempt is 1");
            }
            attempt = value;
            return this;
        }

        /** Says that an earlier owner may have handled it. Default: only if the attempt is above 1. */
        public Builder<T> redelivered() {
            redelivered = true;
            return this;
        }

        /** Default: one that no other delivery of this JVM has. */
        public Builder<T> position(String shard, long offset) {
            position = new Position(shard, offset);
            return this;
        }

        /** Default: none. */
        public Builder<T> replay(String name) {
            replay = name;
            return this;
        }

        /** Default: 2026-01-01, 00:00 UTC. */
        public Builder<T> timestamp(Instant value) {
            timestamp = value;
            return this;
        }

        /** Default: one above that of the builder before it. */
        public Builder<T> fencingToken(long value) {
            fencingToken = OptionalLong.of(value);
            return this;
        }

        /** As without an idempotency store. */
        public Builder<T> withoutFencingToken() {
            fencingToken = OptionalLong.empty();
            return this;
        }

        /** Builds one; later changes of this builder do not change it. */
        public TestDelivery<T> build() {
            return new TestDelivery<>(this);
        }
    }
}
