package io.oncemq.jms;

import io.oncemq.MessagingException;
import io.oncemq.core.LoopThreads;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import jakarta.jms.JMSException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.jspecify.annotations.Nullable;

/**
 * Receives from Artemis. Of the consumers that wait for a queue the broker takes the one with the highest priority next. That is a time: who
 * came last, or said last that it has nothing, is next.
 */
final class ArtemisSource extends QueueSource<ArtemisConsumer> {
    private static final int USUAL_SIZE = 512;
    private static final int USUAL_SHARDS = 8;
    private static final int LARGEST_WINDOW = 1 << 20;
    private static final int NO_PRIORITY = 0;
    private static final int POSITIVE = 0x7fffffff;
    private static final Clock CLOCK = Clock.systemUTC();

    private final SharedLink<ArtemisLink> links;
    private volatile SharedLink<ArtemisLink>.@Nullable Seat seat;
    private @Nullable ArtemisNews news;
    private @Nullable ClientSession questions;
    private List<String> queues = List.of();
    private int priority;

    ArtemisSource(
            SharedLink<ArtemisLink> links,
            SourceSpec spec,
            SourceListener listener,
            LoopThreads threads,
            Consumer<AutoCloseable> onClose) {
        super(spec, listener, threads, onClose, ArtemisNames.group(spec.destination(), spec.group()));
        this.links = links;
    }

    @Override
    Queues connect() throws Exception {
        SharedLink<ArtemisLink>.Seat joined = links.join(this);
        seat = joined;
        ClientSession asking = joined.link.openSession();
        joined.holds(() -> joined.link.close(asking));
        questions = asking;
        queues = ArtemisAddresses.queues(asking, spec.destination(), spec.group());
        boolean exclusive = !ArtemisAddresses.isUnordered(queues, spec.destination(), spec.group());
        priority = exclusive ? later() : NO_PRIORITY;
        return new Queues(queues, exclusive);
    }

    /** Of each consumer. The broker counts bytes, and no messages. */
    private int window() {
        long bytes = Math.min((long) spec.maxInFlight() * USUAL_SIZE, spec.maxInFlightBytes()) / USUAL_SHARDS;
        return (int) Math.max(1, Math.min(LARGEST_WINDOW, bytes));
    }

    /** Seconds, as the broker counts priorities. */
    private static int later() {
        return (int) (CLOCK.instant().getEpochSecond() & POSITIVE);
    }

    @Override
    ArtemisConsumer open(Shard shard) throws ActiveMQException {
        return new ArtemisConsumer(seat(), shard, priority, window(), this::wake);
    }

    @Override
    void joined() throws JMSException {
        if (isExclusive()) {
            String topic = ArtemisNames.members(spec.destination(), spec.group());
            ArtemisNews joined = new ArtemisNews(seat(), topic, this::asked);
            news = joined;
            joined.announce();
        }
    }

    private SharedLink<ArtemisLink>.Seat seat() {
        return Objects.requireNonNull(seat);
    }

    @Override
    boolean isConnected() {
        return seat != null;
    }

    @Override
    int members() throws ActiveMQException {
        SimpleString any = SimpleString.of(queues.get(0));
        return Objects.requireNonNull(questions).queueQuery(any).getConsumerCount();
    }

    @Override
    void ask(List<ArtemisConsumer> idle) throws Exception {
        ArtemisNews known = news;
        if (known != null && members() > 1) {
            priority = later();
            reopen(idle);
            known.announce();
        }
    }

    @Override
    public void cut() {
        SharedLink<ArtemisLink>.Seat last = seat;
        if (last != null) {
            last.cut();
        }
    }

    @Override
    void disconnect(Duration deadline) {
        SharedLink<ArtemisLink>.Seat last = seat;
        seat = null;
        news = null;
        questions = null;
        if (last != null) {
            last.leave(deadline);
        }
    }

    @Override
    MessagingException translate(String doing, Throwable error) {
        return ArtemisErrors.translate(doing, error);
    }
}
