package io.oncemq.spring.toy;

import io.oncemq.Backlog;
import io.oncemq.Capabilities;
import io.oncemq.Capabilities.Level;
import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.Position;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishOrder;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The toy as the engine sees it: one member of each group at a time. */
record ToyTransport(ToyBroker broker, AtomicBoolean open) implements BrokerTransport {
    ToyTransport(ToyBroker broker) {
        this(broker, new AtomicBoolean(true));
        broker.connected(1);
    }

    @Override
    public Capabilities capabilities() {
        Capabilities.Builder all = Capabilities.of("toy");
        for (Feature feature : Feature.values()) {
            if (feature != Feature.PARK_KEY
                    && feature != Feature.DELAYED_DELIVERY
                    && (feature != Feature.FILTER || broker.canFilter())) {
                all.with(feature, Level.NATIVE, "");
            }
        }
        return all.build();
    }

    @Override
    public String cloudEventsPrefix() {
        return "ce_";
    }

    @Override
    public void ensure(DestinationSpec destination) {
        broker.ensure(destination.name());
    }

    @Override
    public boolean exists(String destination) {
        return broker.exists(destination);
    }

    @Override
    public void ping() {
        if (broker.isAway()) {
            throw new ConnectionException("the toy is away");
        }
    }

    @Override
    public List<Backlog> backlog(String destination, String group) {
        long position = broker.position(destination, group);
        return List.of(
                new Backlog(destination, position, broker.messages(destination).size() - position));
    }

    @Override
    public PublishOrder publishOrder() {
        return PublishOrder.SESSION_PREFIX;
    }

    @Override
    public PublishSession openPublishSession(PublishListener listener) {
        return new PublishSession() {
            @Override
            public void send(OutboundFrame frame, Object context) {
                listener.confirmed(context, new Position(frame.destination(), broker.store(frame)));
            }

            @Override
            public void flush() {}

            @Override
            public void close(Duration deadline) {}
        };
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        broker.reads(spec.destination(), spec.group(), spec.filter());
        return new ToySource(broker, spec, listener);
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            broker.connected(-1);
        }
    }

    /** Reads one log on a thread of its own. */
    private static final class ToySource implements MessageSource {
        private final ToyBroker broker;
        private final SourceSpec spec;
        private final SourceListener listener;
        private final Shard shard;
        private final Thread thread = new Thread(this::run, "toy-source");
        private volatile boolean closing;
        private volatile boolean paused;

        ToySource(ToyBroker broker, SourceSpec spec, SourceListener listener) {
            this.broker = broker;
            this.spec = spec;
            this.listener = listener;
            this.shard = new Shard(spec.destination(), 1, Shard.AcknowledgeMode.CUMULATIVE);
        }

        @Override
        public void start() {
            thread.start();
        }

        private void run() {
            try {
                listener.onAssigned(List.of(shard));
                long next = broker.position(spec.destination(), spec.group());
                while (!closing) {
                    IllegalStateException failure = broker.failure(spec.destination());
                    if (failure != null) {
                        listener.onFailure(failure);
                        break;
                    }
                    List<InboundMessage> news = broker.await(spec.destination(), next);
                    if (!news.isEmpty() && !paused) {
                        next += news.size();
                        listener.onMessages(shard, news);
                    }
                }
                acknowledge(listener.onRevoking(List.of(shard)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void pause(Shard which) {
            paused = true;
        }

        @Override
        public void resume(Shard which) {
            paused = false;
        }

        @Override
        public void acknowledge(List<Acknowledgement> acknowledgements) {
            for (Acknowledgement each : acknowledgements) {
                if (each.through() >= 0) {
                    broker.commit(spec.destination(), spec.group(), each.through() + 1);
                }
            }
        }

        @Override
        public void close(Duration deadline) {
            closing = true;
            try {
                thread.join(deadline.toMillis() + 1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
