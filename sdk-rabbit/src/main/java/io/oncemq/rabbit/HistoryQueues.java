package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceSpec;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a replay reads a destination's streams. The broker keeps no positions of AMQP readers, so each reading begins at the replay's start,
 * and the store suppresses what was done. One process at a time reads a stream for a replay: the one whose connection has declared an
 * exclusive queue, which the broker deletes with the connection. Every method blocks.
 */
final class HistoryQueues {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryQueues.class);
    private static final int CONFIRM_MILLIS = 20_000;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private final Connections connections;
    private final SourceSpec spec;
    private final @Nullable Instant from;

    HistoryQueues(Connections connections, SourceSpec spec) {
        this.connections = connections;
        this.spec = spec;
        Instant start = spec.startAt().instant();
        this.from = start == null || start.isBefore(Instant.EPOCH) ? null : start.isAfter(LAST) ? LAST : start;
    }

    List<String> of(int shards) {
        return IntStream.range(0, shards)
                .mapToObj(shard -> RabbitNames.history(spec.destination(), shard))
                .toList();
    }

    /** @throws IOException with RESOURCE_LOCKED if another process reads it for this replay */
    ShardChannel open(Connection on, Shard shard, int prefetch, Runnable wake, LongSupplier ticker) throws IOException {
        Channel channel = Channels.on(on);
        try {
            String lock = RabbitNames.replayLock(shard.name(), spec.group());
            channel.queueDeclare(lock, false, true, false, Map.of());
            String mark = UUID.randomUUID().toString();
            HistoryChannel opened = new HistoryChannel(
                    channel, shard, prefetch, wake, ticker, mark, from == null ? 0 : from.getEpochSecond() * 1000);
            channel.basicQos(prefetch);
            Object offset = from == null ? "first" : RabbitRecords.second(from);
            channel.basicConsume(shard.name(), false, Map.of(RabbitRecords.STREAM_OFFSET, offset), opened);
            // The broker confirms a consumer before it attaches it, and answers the next question after that.
            channel.queueDeclarePassive(lock);
            mark(shard.name(), mark);
            return opened;
        } catch (IOException | RuntimeException e) {
            Channels.abort(channel);
            throw e;
        }
    }

    /** On a connection of its own: while memory is short the broker lets none go on that has published (Q4). */
    private void mark(String stream, String mark) throws IOException {
        Connection connection = connections.open("replay");
        try {
            Channel channel = Channels.on(connection);
            channel.confirmSelect();
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                    .deliveryMode(2)
                    .headers(Map.of(HistoryChannel.MARK, mark))
                    .build();
            channel.basicPublish("", stream, true, properties, new byte[0]);
            channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
        } catch (TimeoutException e) {
            throw new IOException("the end of " + stream + " was not marked in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("closing");
        } finally {
            connections.close(connection, Duration.ZERO);
        }
    }

    /** Lets another process have it. */
    void unlock(Connection on, String stream) {
        try {
            Channel channel = Channels.on(on);
            channel.queueDelete(RabbitNames.replayLock(stream, spec.group()));
            Channels.abort(channel);
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("the lock on {} ends with its connection: {}", stream, e.toString());
        }
    }
}
