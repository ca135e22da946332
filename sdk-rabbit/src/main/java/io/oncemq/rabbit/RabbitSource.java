package io.oncemq.rabbit;

import io.oncemq.ConfigurationException;
import io.oncemq.core.LoopThreads;
import io.oncemq.core.SourceLoop;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source and its loop, over a connection that it may share ({@link Lines}). Only the turns of the loop pass messages on, write
 * acknowledgements, and give shards back. A source is woken when there is something to do, and has no thread while it rests. The prefetch
 * bounds how many messages come, and the broker keeps those for which there is no room.
 *
 * <p>The broker takes a channel's messages away when one of them stays unacknowledged for its consumer timeout (Q7). So at half of that,
 * whether a lane is long, a handler slow or the store away, the shard is given back and taken anew, which starts the time again.
 */
final class RabbitSource implements MessageSource, SourceLoop.Work {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitSource.class);

    private final SourceSpec spec;
    private final SourceListener listener;
    private final Consumer<AutoCloseable> onClose;
    private final Duration longestUnsettled;
    private final ShardChannels channels;
    private final SourceLink link;
    private final SourceLoop loop;
    private boolean ended;

    /**
     * @param join makes queues that an instance of a broadcast group lacks
     * @throws ConfigurationException if the broker's consumer timeout is too short for what the spec allows
     */
    RabbitSource(
            SourceParts parts,
            SourceSpec spec,
            SourceListener listener,
            Runnable join,
            LoopThreads threads,
            Consumer<AutoCloseable> onClose) {
        this.spec = spec;
        this.listener = listener;
        this.onClose = onClose;
        this.longestUnsettled = parts.connections().settings().consumerTimeout().dividedBy(2);
        check("handlerTimeout", spec.handlerTimeout());
        check("drainTimeout", spec.drainDeadline());
        this.loop = new SourceLoop("oncemq-rabbit-source-" + spec.destination() + "-" + spec.group(), this, threads);
        this.link = new SourceLink(parts, spec, listener, join, loop::wake);
        this.channels = link.channels();
    }

    private void check(String property, Duration value) {
        if (value.compareTo(longestUnsettled) >= 0) {
            throw new ConfigurationException(
                    property,
                    value,
                    "is not below " + longestUnsettled
                            + ", half of the server's consumer timeout, after which it takes messages back",
                    "Lower it, or raise consumer_timeout on the server and name it by Rabbit.consumerTimeout(…)");
        }
    }

    @Override
    public void start() {
        loop.start();
    }

    /** The prefetch bounds what comes meanwhile. A consumer that is cancelled instead would let others overtake (Q8). */
    @Override
    public void pause(Shard shard) {
        pause(shard, true);
    }

    @Override
    public void resume(Shard shard) {
        pause(shard, false);
        loop.wake();
    }

    private void pause(Shard shard, boolean on) {
        ShardChannel channel = channels.find(shard);
        if (channel != null) {
            channel.pause(on);
        }
    }

    @Override
    public void acknowledge(List<Acknowledgement> acknowledgements) {
        for (Acknowledgement each : acknowledgements) {
            ShardChannel channel = channels.find(each.shard());
            if (channel != null) {
                channel.settled(each);
            }
        }
        loop.wake();
    }

    @Override
    public void close(Duration deadline) {
        loop.close(deadline);
    }

    @Override
    public void cut() {
        link.cut();
    }

    @Override
    public void failed(Throwable error) {
        listener.onFailure(RabbitErrors.translate("consuming " + spec.destination(), error));
    }

    @Override
    public long turn() {
        channels.loseEnded();
        link.tend();
        boolean any = channels.dispatch();
        link.well(any);
        channels.writeAcks();
        if (spec.replay()) {
            endReplay();
        }
        channels.refit(link.wantedPrefetch());
        List<OwnedQueue> overdue = channels.all().stream()
                .filter(queue -> queue.isUnsettledFor(longestUnsettled))
                .toList();
        if (!overdue.isEmpty()) {
            LOG.info(
                    "a source gives shards back before the broker takes them: source={} shards={}",
                    loop.name(),
                    overdue.size());
            overdue.forEach(queue -> channels.release(queue, () -> {}));
        }
        return any || !overdue.isEmpty() ? 0 : rest().toNanos();
    }

    private Duration rest() {
        return channels.linger() ? AckLedger.LINGER : link.idle();
    }

    /** A queue that is read to its end is left to others; with the last one the replay is over, whoever else has read them too. */
    private void endReplay() {
        channels.all().stream().filter(OwnedQueue::isAtEnd).forEach(link::over);
        if (!ended && !channels.all().isEmpty() && channels.all().stream().allMatch(queue -> queue.over)) {
            ended = true;
            listener.onEnd();
        }
    }

    @Override
    public void end(Duration deadline) {
        try {
            link.releaseAll(deadline);
        } catch (RuntimeException e) {
            LOG.warn(
                    "a source closes without its last acknowledgements; some messages are repeated: source={} cause={}",
                    loop.name(),
                    e.toString());
        } finally {
            link.close(deadline);
            onClose.accept(this);
        }
    }
}
