package io.oncemq.rocket;

import io.oncemq.ClientClosedException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.core.publish.LetterRoom;
import io.oncemq.rocket.RocketErrors.Fate;
import io.oncemq.rocket.RocketErrors.Outcome;
import io.oncemq.spi.Leftover;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SendOptions;
import io.oncemq.spi.support.Routes;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.rocketmq.client.impl.factory.MQClientInstance;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * One producer with connections of its own, which sends each message once and to a queue that is named: the client's own retries and choice
 * of queues are off, since they duplicate and reorder.
 *
 * <p>The broker answers in any order, and several connections' threads bring the answers. A connection that breaks does not end the session;
 * the client opens the next one by itself, and what was on its way is unknown.
 */
final class RocketPublishSession implements PublishSession, Routes.Sends<PublishRoute> {
    /** What the client takes for lost. */
    private static final int ANSWER_MILLIS = 10_000;
    /** RocketMQ's limit of all properties together, less what its client and the broker add: an id, a region, a flag or two. */
    private static final int MOST_PROPERTY_BYTES = Short.MAX_VALUE - 200;
    /** What a dead letter has beside the headers of its message, at most: every message but a letter leaves room for it (S7). */
    private static final int ROOM_OF_LETTERS = 8 << 10;

    private final DefaultMQProducer producer;
    private final MQClientInstance client;
    private final Topics topics;
    private final Delays delays;
    private final Executor lookUps;
    private final PublishListener listener;
    private final FlowControl flowControl;
    private final Consumer<AutoCloseable> onClose;
    private final Routes<PublishRoute> routes;
    private final Map<String, BrokerWindow> windows = new ConcurrentHashMap<>();
    /** Destinations that have stored something. */
    private final Set<String> proved = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param lookUps runs what has to ask a server */
    RocketPublishSession(
            DefaultMQProducer producer,
            Topics topics,
            Executor lookUps,
            PublishListener listener,
            Consumer<AutoCloseable> onClose) {
        this.producer = producer;
        this.client = producer.getDefaultMQProducerImpl().getMqClientFactory();
        this.topics = topics;
        this.delays = new Delays(topics);
        this.lookUps = lookUps;
        this.listener = listener;
        this.flowControl = new FlowControl(listener, System::nanoTime);
        this.onClose = onClose;
        this.routes = new Routes<>(lookUps, this::find, this);
    }

    @Override
    public void send(OutboundFrame frame, Object context) {
        routes.send(frame, context);
    }

    @Override
    public Leftover abandon(OutboundFrame frame, Object context) {
        return routes.withdraw(frame, context) ? Leftover.withdrawn(null) : Leftover.STUCK;
    }

    /** Asks again how many queues there are. Does not block. @param refusedOnly only where keys wait for an answer of the engine */
    void watch(boolean refusedOnly) {
        flowControl.tick();
        routes.refresh((destination, route) -> !refusedOnly || !route.keyed());
    }

    private PublishRoute find(String destination) {
        String topic = topics.topic(destination);
        Layouts layouts = topics.layouts();
        boolean isNew = layouts.known(topic) == null;
        Layouts.View view = layouts.lookOrRemember(topic);
        if (view.kept().isEmpty()) {
            throw new PublishRoute.Missing(destination);
        }
        client.updateTopicRouteInfoFromNameServer(topic);
        if (!view.isChanged()) {
            return new PublishRoute(view.kept().queues(topic), mayPlaceOver(destination, view.kept(), true));
        }
        if (isNew) {
            // Else a process that starts now would place keys over what nobody has accepted.
            mayPlaceOver(destination, view.kept(), true);
        }
        boolean keyed = mayPlaceOver(destination, view.actual(), false);
        if (keyed) {
            layouts.accept(topic, view.actual());
        }
        return new PublishRoute(view.actual().queues(topic), keyed);
    }

    private boolean mayPlaceOver(String destination, Layout layout, boolean accepted) {
        return listener.shards(destination, layout.size(), layout.toString(), accepted);
    }

    @Override
    public void place(PublishRoute route, OutboundFrame frame, Object context) {
        try {
            if (closed.get()) {
                notPlaced(new ClientClosedException("the publish session is closed"), frame, context);
            } else if (frame.key() != null && !route.keyed()) {
                String text = "the number of queues of " + frame.destination()
                        + " has changed; keyed messages wait until it is accepted";
                listener.notSent(context, new ConnectionException(text));
            } else {
                place(frame, context, route.place(frame, this::isAvoided));
            }
        } catch (RuntimeException e) {
            listener.notSent(context, RocketErrors.translate("publishing", e));
        }
    }

    @Override
    public void notPlaced(Throwable cause, OutboundFrame frame, Object context) {
        if (cause instanceof PublishRoute.Missing && !proved.contains(frame.destination())) {
            listener.rejected(context, Reason.UNROUTABLE, cause);
        } else {
            listener.notSent(context, RocketErrors.translate("publishing", cause));
        }
    }

    private boolean isAvoided(String broker) {
        BrokerWindow window = window(broker);
        return window.isFull() || window.isTroubled();
    }

    private BrokerWindow window(String broker) {
        return windows.computeIfAbsent(broker, name -> new BrokerWindow(System::nanoTime));
    }

    private void place(OutboundFrame frame, Object context, MessageQueue queue) {
        SendOptions options = frame.options();
        Duration delay = options == null ? null : options.delay();
        Message message = RocketRecords.outbound(frame, queue.getTopic());
        int properties = RocketRecords.propertyBytes(message);
        int most = LetterRoom.isLetter(frame) ? MOST_PROPERTY_BYTES : MOST_PROPERTY_BYTES - ROOM_OF_LETTERS;
        if (properties > most) {
            String text = "its headers take " + properties + " bytes as properties, of at most " + most;
            listener.rejected(context, Reason.TOO_LARGE, new MessagingException(text, null));
        } else if (delay == null) {
            write(message, queue, new Answer(frame.destination(), context, queue, false));
        } else {
            // What a broker delays has to be asked.
            lookUps.execute(
                    () -> delayed(message, delay, queue, new Answer(frame.destination(), context, queue, true)));
        }
    }

    private void delayed(Message message, Duration delay, MessageQueue queue, Answer answer) {
        try {
            String refusal = delays.put(message, delay, queue.getBrokerName());
            if (refusal == null) {
                write(message, queue, answer);
            } else {
                listener.rejected(answer.context, Reason.REFUSED, new MessagingException(refusal, null));
            }
        } catch (RuntimeException e) {
            listener.notSent(answer.context, RocketErrors.translate("publishing", e));
        }
    }

    private void write(Message message, MessageQueue queue, Answer answer) {
        BrokerWindow window = answer.window;
        // The client would ask the name server for it, on the threads that write to all brokers.
        if (client.findBrokerAddressInPublish(queue.getBrokerName()) == null) {
            if (window.unreachable()) {
                routes.refresh((destination, route) -> destination.equals(answer.destination));
            }
            String text = "no broker " + queue.getBrokerName() + " is registered with the name server";
            listener.notSent(answer.context, new ConnectionException(text));
        } else if (!window.enter()) {
            String text = BrokerWindow.SIZE + " messages to " + queue.getBrokerName() + " have no answer yet";
            ConnectionException cause = new ConnectionException(text);
            if (window.isTroubled()) {
                listener.notSent(answer.context, cause);
            } else {
                listener.noRoom(answer.context, cause);
            }
        } else {
            try {
                producer.send(message, queue, answer, ANSWER_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                answer.onException(e);
            } catch (Exception e) {
                answer.onException(e);
            }
        }
    }

    /** Hears of one message; the first answer counts. */
    private final class Answer implements SendCallback {
        private final String destination;
        private final Object context;
        private final MessageQueue queue;
        private final BrokerWindow window;
        private final boolean delayed;
        private final AtomicBoolean given = new AtomicBoolean();

        Answer(String destination, Object context, MessageQueue queue, boolean delayed) {
            this.destination = destination;
            this.context = context;
            this.queue = queue;
            this.window = window(queue.getBrokerName());
            this.delayed = delayed;
        }

        @Override
        public void onSuccess(@Nullable SendResult result) {
            if (!given.compareAndSet(false, true)) {
                return;
            }
            window.leave(true);
            if (result != null && result.getSendStatus() == SendStatus.SEND_OK) {
                flowControl.taken(destination, queue.getBrokerName());
                proved.add(destination);
                String shard = queue.getBrokerName() + "-" + queue.getQueueId();
                // A delayed message lies elsewhere, and is numbered in its queue when it gets there.
                listener.confirmed(context, new Position(shard, delayed ? -1 : result.getQueueOffset()));
            } else {
                String status =
                        result == null ? "nothing" : result.getSendStatus().name();
                listener.unknown(context, new MessagingException("the broker answered " + status, null));
            }
        }

        @Override
        public void onException(Throwable error) {
            if (!given.compareAndSet(false, true)) {
                return;
            }
            Outcome outcome = RocketErrors.outcome(error, proved.contains(destination));
            window.leave(outcome.fate() == Fate.REJECTED);
            String busy = RocketErrors.turnedAway(error);
            if (busy != null) {
                flowControl.turnedAway(destination, queue.getBrokerName(), busy);
            }
            MessagingException cause = RocketErrors.translate("publishing", error);
            switch (outcome.fate()) {
                case NOT_SENT -> listener.notSent(context, cause);
                case REJECTED -> {
                    if (delayed) {
                        delays.forget(queue.getBrokerName());
                    }
                    listener.rejected(context, Objects.requireNonNull(outcome.reason()), cause);
                }
                case UNKNOWN -> listener.unknown(context, cause);
            }
        }
    }

    /** Every message is written at once. */
    @Override
    public void flush() {}

    @Override
    public void close(Duration deadline) {
        if (closed.compareAndSet(false, true)) {
            routes.close(new ClientClosedException("the publish session is closed"));
            try {
                awaitAnswers(deadline);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                Shutdown.of(
                        producer.getDefaultMQProducerImpl().getMqClientFactory().getMQClientAPIImpl(),
                        producer::shutdown);
                onClose.accept(this);
            }
        }
    }

    private void awaitAnswers(Duration deadline) throws InterruptedException {
        long until = System.nanoTime() + deadline.toNanos();
        for (BrokerWindow each : windows.values()) {
            if (!each.awaitEmpty(Math.max(0, until - System.nanoTime()))) {
                return;
            }
        }
    }
}
