package io.oncemq.core.consume;

import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.OutboundMessage;
import io.oncemq.Position;
import io.oncemq.Publisher;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One work as its handler sees it. */
final class EngineDelivery<T> implements Delivery<T> {
    private final Work work;
    private final @Nullable T body;
    private final String group;
    private final List<String> cloudEventsPrefixes;
    private final LongSupplier ticker;
    private final Executor republisher;
    private volatile boolean ended;
    private @Nullable DerivedMessages derived;

    EngineDelivery(
            Work work,
            @Nullable T body,
            String group,
            List<String> cloudEventsPrefixes,
            LongSupplier ticker,
            Executor republisher) {
        this.work = work;
        this.body = body;
        this.group = group;
        this.cloudEventsPrefixes = cloudEventsPrefixes;
        this.ticker = ticker;
        this.republisher = republisher;
    }

    @Override
    public @Nullable T body() {
        return body;
    }

    @Override
    public String id() {
        return work.identity.id();
    }

    @Override
    public @Nullable String key() {
        return work.message.key();
    }

    @Override
    public Headers headers() {
        return work.message.headers();
    }

    @Override
    public Optional<String> attribute(String name) {
        for (String prefix : cloudEventsPrefixes) {
            String text = headers().text(prefix + name);
            if (text != null) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    @Override
    public int attempt() {
        return work.attempt;
    }

    @Override
    public boolean redelivered() {
        return work.message.redelivered() || work.attempt > 1 || work.lostBefore;
    }

    @Override
    public Position position() {
        return LaneEngine.position(work);
    }

    @Override
    public Optional<String> replay() {
        return ReplayScope.replay(work.identity.scope());
    }

    @Override
    public Instant timestamp() {
        return Instant.ofEpochMilli(work.message.timestampMillis());
    }

    @Override
    public OptionalLong fencingToken() {
        return work.claimed ? OptionalLong.of(work.token) : OptionalLong.empty();
    }

    @Override
    public boolean isOwned() {
        return !work.shard.gone && (!work.claimed || work.holdsLease(ticker.getAsLong()));
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
        if (derived == null) {
            derived = new DerivedMessages(work, group, republisher);
        }
        derived.add(publisher, name, message, key());
    }

    /** The handler has ended; what it derived, if anything. */
    @Nullable
    DerivedMessages end() {
        ended = true;
        return derived;
    }
}
