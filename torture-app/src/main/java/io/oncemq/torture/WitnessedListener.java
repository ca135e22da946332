package io.oncemq.torture;

import io.oncemq.MessagingEvent;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.torture.history.Recorder;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Writes down what a source tells the engine, before the engine hears of it. */
final class WitnessedListener implements SourceListener {
    private final SourceSpec spec;
    private final SourceListener engine;
    private final Recorder recorder;
    private final MessageNames names;
    private final Unsettled unsettled;

    WitnessedListener(
            SourceSpec spec, SourceListener engine, Recorder recorder, MessageNames names, Unsettled unsettled) {
        this.spec = spec;
        this.engine = engine;
        this.recorder = recorder;
        this.names = names;
        this.unsettled = unsettled;
    }

    @Override
    public void onAssigned(Collection<Shard> shards) {
        shards.forEach(shard -> recorder.assigned(shard.name(), shard.epoch()));
        engine.onAssigned(shards);
    }

    @Override
    public void onMessages(Shard shard, List<InboundMessage> messages) {
        for (InboundMessage message : messages) {
            String id = id(message);
            names.learn(spec.destination(), id, message.key());
            recorder.received(
                    shard.name(), shard.epoch(), message.tag(), id, Objects.requireNonNullElse(message.key(), ""));
        }
        unsettled.received(shard, messages);
        engine.onMessages(shard, messages);
    }

    /** The body begins with the id, so this does not depend on what a broker calls its header. */
    private static String id(InboundMessage message) {
        byte[] body = message.body();
        return body == null ? "" : Content.idOf(body);
    }

    @Override
    public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
        shards.forEach(shard -> recorder.revoking(shard.name(), shard.epoch()));
        List<Acknowledgement> acknowledgements = engine.onRevoking(shards);
        revoked(shards, acknowledgements);
        return acknowledgements;
    }

    @Override
    public void revoke(Collection<Shard> shards, Consumer<List<Acknowledgement>> drained) {
        shards.forEach(shard -> recorder.revoking(shard.name(), shard.epoch()));
        engine.revoke(shards, acknowledgements -> {
            revoked(shards, acknowledgements);
            drained.accept(acknowledgements);
        });
    }

    private void revoked(Collection<Shard> shards, List<Acknowledgement> acknowledgements) {
        for (Acknowledgement each : acknowledgements) {
            recorder.acknowledged(each.shard().name(), each.shard().epoch(), each.through(), each.singles());
        }
        shards.forEach(shard -> recorder.revoked(shard.name(), shard.epoch()));
        unsettled.gone(shards);
    }

    @Override
    public void onLost(Collection<Shard> shards) {
        shards.forEach(shard -> recorder.lost(shard.name(), shard.epoch()));
        unsettled.gone(shards);
        engine.onLost(shards);
    }

    @Override
    public void onEvent(MessagingEvent event) {
        engine.onEvent(event);
    }

    @Override
    public void onEnd() {
        engine.onEnd();
    }

    @Override
    public void onFailure(Throwable cause) {
        engine.onFailure(cause);
    }
}
