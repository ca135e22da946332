package io.oncemq.kafka;

import io.oncemq.ClientClosedException;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.Leftover;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One producer. What the broker stores of a partition is a prefix of what was handed over, because nothing of this session
 * is written any more once an outcome is in doubt: the failure closes the producer from within its own callback, before the
 * producer's thread takes up the next batch, and every later send is refused.
 *
 * <p>Threads: {@link #send} on the engine's; callbacks on the producer's, which is never blocked; the first records of a
 * topic and of each partition on an opener's, see {@link TopicRoute}. A refusal that does not come from within {@code send}
 * itself could be overtaken by the next send of its key; so if it says "not handed over" it fails the session.
 */
final class KafkaPublishSession implements PublishSession {
    private final Producer<byte[], byte[]> producer;
    private final PublishListener listener;
    private final TopicView topics;
    private final ExecutorService openers;
    private final ExecutorService flushers;
    private final Consumer<AutoCloseable> onClose;
    private final Map<String, TopicRoute> routes = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** 0: none, 1: under way, 2: under way and asked for again. */
    private final AtomicInteger flushes = new AtomicInteger();

    /** Written by the producer's thread, and by the one that closes it. */
    private final AtomicLong confirmations = new AtomicLong();

    private final AtomicBoolean looking = new AtomicBoolean();

    private volatile boolean closed;

    KafkaPublishSession(
            Producer<byte[], byte[]> producer,
            PublishListener listener,
            TopicView topics,
            ExecutorService openers,
            ExecutorService flushers,
            Consumer<AutoCloseable> onClose) {
        this.producer = producer;
        this.listener = listener;
        this.topics = topics;
        this.openers = openers;
        this.flushers = flushers;
        this.onClose = onClose;
    }

    @Override
    public void send(OutboundFrame frame, Object context) {
        if (isOver()) {
            refuse(context);
            return;
        }
        String topic = frame.destination();
        TopicRoute route = routes.get(topic);
        if (route == null) {
            route = new TopicRoute(topic, this, topics);
            routes.put(topic, route);
        }
        route.send(frame, context);
    }

    /** Hands a record to the producer. @param careful whether an opener hands it over, so that later ones of its key may wait */
    void append(
            ProducerRecord<byte[], byte[]> record,
            TopicRoute route,
            PartitionLane lane,
            boolean careful,
            Object context) {
        if (isOver()) {
            refuse(context);
            return;
        }
        Sent sent = new Sent(this, route, lane, careful, context);
        try {
            producer.send(record, sent);
        } catch (InterruptException e) {
            sent.notPlaced(e);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** Certain outcomes are told also after the session has failed: a refused message must not take its place again. */
    void confirmed(Object context, Position position) {
        confirmations.lazySet(confirmations.get() + 1);
        listener.confirmed(context, position);
    }

    void rejected(Object context, Reason reason, Throwable cause) {
        listener.rejected(context, reason, KafkaErrors.translate("publishing", cause));
    }

    /** Whether keys may be placed over so many partitions. */
    boolean tell(String topic, int partitions) {
        return listener.shards(topic, partitions);
    }

    /** How many records were confirmed, which only says whether there were any since. */
    long confirmations() {
        return confirmations.get();
    }

    @Override
    public Leftover abandon(OutboundFrame frame, Object context) {
        TopicRoute route = routes.get(frame.destination());
        return route == null || isOver() ? Leftover.STUCK : route.abandon(frame, context);
    }

    /**
     * Looks for partitions that give no answer, and asks how many there are by now (K13). Called every second; does not block.
     *
     * @param refusedOnly counts only those of topics whose keyed messages wait for a number to be accepted
     */
    void watch(boolean refusedOnly) {
        if (!isOver()) {
            lookAtLanes();
            count(refusedOnly);
        }
    }

    private void lookAtLanes() {
        Map<TopicPartition, PartitionLane> silent = new HashMap<>();
        routes.values().forEach(route -> route.look().forEach(lane -> silent.put(lane.place(), lane)));
        if (!silent.isEmpty() && looking.compareAndSet(false, true)) {
            topics.leadersLater(silent.keySet(), TopicRoute.ASK_DEADLINE, led -> {
                looking.set(false);
                silent.forEach((place, lane) -> lane.leader(led.contains(place)));
            });
        }
    }

    private void count(boolean refusedOnly) {
        List<TopicRoute> watched = routes.values().stream()
                .filter(route -> !refusedOnly || route.isRefused())
                .toList();
        if (!watched.isEmpty()) {
            topics.countLater(watched.stream().map(TopicRoute::topic).toList(), this::seen);
        }
    }

    private void seen(String topic, int partitions) {
        TopicRoute route = routes.get(topic);
        if (route != null && !isOver() && route.differs(partitions)) {
            open(() -> route.seen(partitions));
        }
    }

    /** A message that comes when the session is over. */
    void refuse(Object context) {
        Throwable broken = failure.get();
        listener.notSent(context, broken == null ? new ClientClosedException("the publish session is closed") : broken);
    }

    void notSent(Object context, Throwable cause) {
        listener.notSent(context, KafkaErrors.translate("publishing", cause));
    }

    /** Ends the session once; every message without an outcome is perhaps stored, but for those still held here. */
    void fail(Throwable cause) {
        Throwable translated = KafkaErrors.translate("publishing", cause);
        if (!closed && failure.compareAndSet(null, translated)) {
            producer.close(Duration.ZERO);
            routes.values().forEach(route -> route.giveUp(translated));
            listener.sessionFailed(translated);
        }
    }

    boolean isOver() {
        return closed || failure.get() != null;
    }

    /** Runs a task that may block. Whatever it throws ends the session: what the task was to open would wait for ever. */
    void open(Runnable task) {
        run(openers, task);
    }

    private void run(ExecutorService threads, Runnable task) {
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } catch (Throwable e) {
                    fail(e);
                }
            });
        } catch (RejectedExecutionException e) {
            fail(e);
        }
    }

    /** On a thread of its own, since the producer's own flush waits for the outcomes; one at a time, repeated if asked meanwhile. */
    @Override
    public void flush() {
        if (!isOver() && flushes.getAndUpdate(asked -> asked == 0 ? 1 : 2) == 0) {
            run(flushers, () -> {
                try {
                    do {
                        flushes.set(1);
                        producer.flush();
                    } while (!flushes.compareAndSet(1, 0));
                } catch (RuntimeException e) {
                    fail(e);
                }
            });
        }
    }

    @Override
    public void close(Duration deadline) {
        closed = true;
        producer.close(deadline);
        onClose.accept(this);
    }

    /** The outcome of one record. */
    private static final class Sent implements Callback {
        private final KafkaPublishSession session;
        private final TopicRoute route;
        private final PartitionLane lane;
        private final boolean careful;
        private final Object context;
        private final Thread sender = Thread.currentThread();

        Sent(KafkaPublishSession session, TopicRoute route, PartitionLane lane, boolean careful, Object context) {
            this.session = session;
            this.route = route;
            this.lane = lane;
            this.careful = careful;
            this.context = context;
        }

        @Override
        public void onCompletion(RecordMetadata metadata, @Nullable Exception error) {
            if (error == null) {
                session.confirmed(context, new Position(lane.shard(), offset(metadata)));
                lane.confirmed();
            } else if (Thread.currentThread() == sender) {
                notPlaced(error);
            } else {
                answered(error);
            }
        }

        private static long offset(RecordMetadata metadata) {
            return metadata.hasOffset() ? metadata.offset() : -1;
        }

        /** Before the record reached the producer's buffer. */
        void notPlaced(Exception error) {
            Reason reason = KafkaErrors.refusal(error);
            if (reason != null) {
                refused(reason, error);
                return;
            }
            lane.answered();
            session.notSent(context, error);
            if (careful) {
                session.fail(error);
            } else if (error instanceof TimeoutException) {
                route.lookAgain();
            }
        }

        private void answered(Exception error) {
            Reason reason = KafkaErrors.refusal(error);
            if (reason == null) {
                session.fail(error);
            } else {
                refused(reason, error);
            }
        }

        private void refused(Reason reason, Exception error) {
            session.rejected(context, reason, error);
            lane.refused();
        }
    }
}
