package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.LongString;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A channel that reads a stream up to its mark, a message that was published there when the reading began. What is not for the engine,
 * marks of others and what lies before the start in the first chunk, is acknowledged at once, since that lets the next messages come. What
 * lies behind the mark is not, so the broker soon stops sending it.
 */
final class HistoryChannel extends ShardChannel {
    /** Carried by marks only; its value says whose. */
    static final String MARK = "oncemq-replay-mark";

    private final String mark;
    private final long fromMillis;
    private boolean begun;
    private volatile boolean complete;

    /** @param fromMillis messages that say that they are older are passed over until the first that does not */
    HistoryChannel(
            Channel channel,
            Shard shard,
            int prefetch,
            Runnable wake,
            LongSupplier ticker,
            String mark,
            long fromMillis) {
        super(channel, shard, prefetch, Long.MAX_VALUE, wake, ticker);
        this.mark = mark;
        this.fromMillis = fromMillis;
    }

    @Override
    @Nullable
    InboundMessage read(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        if (complete) {
            return null;
        }
        String carried = markOf(properties.getHeaders());
        if (carried != null) {
            complete = carried.equals(mark);
            return complete ? null : skipped(envelope);
        }
        InboundMessage message = RabbitRecords.replayed(envelope, properties, body);
        if (!begun && message.timestampMillis() > 0 && message.timestampMillis() < fromMillis) {
            return skipped(envelope);
        }
        begun = true;
        return message;
    }

    private static @Nullable String markOf(@Nullable Map<String, Object> headers) {
        return headers != null && headers.get(MARK) instanceof LongString text ? text.toString() : null;
    }

    private @Nullable InboundMessage skipped(Envelope envelope) {
        acks.settled(new Acknowledgement(shard, -1, new long[] {envelope.getDeliveryTag()}, false));
        return null;
    }

    /** Whether everything before the mark has come and is settled. */
    boolean isAtEnd() {
        return complete && ended() == null && isSettled();
    }

    @Override
    boolean isKept() {
        return false;
    }
}
