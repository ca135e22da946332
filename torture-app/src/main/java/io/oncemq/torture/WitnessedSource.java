package io.oncemq.torture;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.torture.history.Recorder;
import java.time.Duration;
import java.util.List;

/** Writes down what the engine acknowledges. */
final class WitnessedSource implements MessageSource {
    private final MessageSource source;
    private final Recorder recorder;
    private final Orders orders;
    private final Unsettled unsettled;

    WitnessedSource(MessageSource source, Recorder recorder, Orders orders, Unsettled unsettled) {
        this.source = source;
        this.recorder = recorder;
        this.orders = orders;
        this.unsettled = unsettled;
    }

    @Override
    public void start() {
        source.start();
    }

    @Override
    public void pause(Shard shard) {
        source.pause(shard);
    }

    @Override
    public void resume(Shard shard) {
        source.resume(shard);
    }

    @Override
    public void acknowledge(List<Acknowledgement> acknowledgements) {
        for (Acknowledgement each : acknowledgements) {
            recorder.acknowledged(each.shard().name(), each.shard().epoch(), each.through(), each.singles());
            unsettled.acknowledged(each);
        }
        orders.at(Hook.BEFORE_ACK);
        source.acknowledge(acknowledgements);
        orders.behind(Hook.AFTER_ACK);
    }

    @Override
    public void close(Duration deadline) {
        source.close(deadline);
    }
}
