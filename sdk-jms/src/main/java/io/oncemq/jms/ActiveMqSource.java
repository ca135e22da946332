package io.oncemq.jms;

import io.oncemq.MessagingException;
import io.oncemq.core.LoopThreads;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.activemq.ConnectionClosedException;
import org.apache.activemq.command.ConsumerControl;
import org.apache.activemq.transport.DefaultTransportListener;
import org.jspecify.annotations.Nullable;

/**
 * Receives from ActiveMQ Classic. Of the consumers that wait for a queue the broker takes the oldest next; one with a higher priority would get it
 * at once, while the messages of the one before it are still handled. So whoever has something, and hears that another one has nothing, goes to the
 * end of the line wherever it waits itself.
 */
final class ActiveMqSource extends QueueSource<ActiveMqConsumer> {
    private final ActiveMqSettings settings;
    private volatile @Nullable ActiveMqLink link;
    private @Nullable ActiveMqNews news;
    private final @Nullable ActiveMqFilter filter;
    private boolean ordered;

    ActiveMqSource(
            ActiveMqSettings settings,
            SourceSpec spec,
            SourceListener listener,
            LoopThreads threads,
            Consumer<AutoCloseable> onClose) {
        super(spec, listener, threads, onClose, spec.destination() + "/" + spec.group());
        this.settings = settings;
        this.filter = spec.filter() == null ? null : ActiveMqFilter.of(spec.filter());
    }

    @Override
    Queues connect() throws JMSException, IOException {
        ActiveMqLink opened = ActiveMqLink.open(settings);
        link = opened;
        opened.connection.setExceptionListener(this::broken);
        opened.connection.addTransportListener(new Watching());
        ActiveMqRegister.Known known = ActiveMqRegister.read(opened, spec.destination());
        ordered = known.isOrdered(spec.group());
        return new Queues(known.queues(spec.destination(), spec.group()), ordered);
    }

    /** A broker may be set to close consumers that it finds slow, and only says so. */
    private final class Watching extends DefaultTransportListener {
        @Override
        public void onCommand(Object command) {
            if (command instanceof ConsumerControl control && control.isClose()) {
                broken(new ConnectionClosedException());
            }
        }

        @Override
        public void onException(IOException error) {
            broken(error);
        }
    }

    @Override
    ActiveMqConsumer open(Shard shard) throws JMSException {
        return new ActiveMqConsumer(
                Objects.requireNonNull(link), shard, ordered, settings.prefetch(), filter, this::wake);
    }

    @Override
    void joined() throws JMSException {
        if (isExclusive()) {
            String topic = ActiveMqNames.members(spec.destination(), spec.group());
            news = new ActiveMqNews(Objects.requireNonNull(link), topic, this::asked);
        }
    }

    @Override
    boolean isConnected() {
        return link != null;
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
        ActiveMqLink last = link;
        if (last != null) {
            last.cut();
        }
    }

    @Override
    void disconnect(Duration deadline) {
        ActiveMqLink last = link;
        link = null;
        news = null;
        if (last != null) {
            last.close(deadline);
        }
    }

    @Override
    MessagingException translate(String doing, Throwable error) {
        return ActiveMqErrors.translate(doing, error);
    }
}
