package io.oncemq.jms;

import io.oncemq.MessagingException;
import io.oncemq.core.LoopThreads;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives from ActiveMQ Classic. Of the consumers that wait for a queue the broker takes the oldest next; one with a higher priority would get it
 * at once, while the messages of the one before it are still handled. So whoever has something, and hears that another one has nothing, goes to the
 * end of the line wherever it waits itself.
 */
final class ActiveMqSource extends QueueSource<ActiveMqConsumer> {
    private final ActiveMqSettings settings;
    private final SharedLink<ActiveMqLink> links;
    private volatile SharedLink<ActiveMqLink>.@Nullable Seat seat;
    private @Nullable ActiveMqNews news;
    private final @Nullable ActiveMqFilter filter;
    private boolean ordered;

    ActiveMqSource(
            ActiveMqSettings settings,
            SharedLink<ActiveMqLink> links,
            SourceSpec spec,
            SourceListener listener,
            LoopThreads threads,
            Consumer<AutoCloseable> onClose) {
        super(spec, listener, threads, onClose, spec.destination() + "/" + spec.group());
        this.settings = settings;
        this.links = links;
        this.filter = spec.filter() == null ? null : ActiveMqFilter.of(spec.filter());
    }

    @Override
    Queues connect() throws Exception {
        SharedLink<ActiveMqLink>.Seat joined = links.join(this);
        seat = joined;
        ActiveMqRegister.Known known = ActiveMqRegister.read(joined.link, spec.destination());
        ordered = known.isOrdered(spec.group());
        return new Queues(known.queues(spec.destination(), spec.group()), ordered);
    }

    @Override
    ActiveMqConsumer open(Shard shard) throws JMSException {
        return new ActiveMqConsumer(seat(), shard, ordered, settings.prefetch(), filter, this::wake);
    }

    @Override
    void joined() throws JMSException {
        if (isExclusive()) {
            String topic = ActiveMqNames.members(spec.destination(), spec.group());
            news = new ActiveMqNews(seat(), topic, this::asked);
        }
    }

    private SharedLink<ActiveMqLink>.Seat seat() {
        return Objects.requireNonNull(seat);
    }

    @Override
    boolean isConnected() {
        return seat != null;
    }

    @Override
    int members() {
        return Objects.requireNonNull(news).members();
    }

    @Override
    void ask(List<ActiveMqConsumer> idle) throws JMSException {
        Objects.requireNonNull(news).ask();
    }

    @Override
    void heard(List<ActiveMqConsumer> idle) throws Exception {
        reopen(idle);
    }

    @Override
    public void cut() {
        SharedLink<ActiveMqLink>.Seat last = seat;
        if (last != null) {
            last.cut();
        }
    }

    @Override
    void disconnect(Duration deadline) {
        SharedLink<ActiveMqLink>.Seat last = seat;
        seat = null;
        news = null;
        if (last != null) {
            last.leave(deadline);
        }
    }

    @Override
    MessagingException translate(String doing, Throwable error) {
        return ActiveMqErrors.translate(doing, error);
    }
}
