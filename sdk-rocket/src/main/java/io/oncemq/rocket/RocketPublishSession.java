package io.oncemq.rocket;

import io.oncemq.ClientClosedException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.rocket.RocketErrors.Outcome;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SendOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
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
final class RocketPublishSession implements PublishSession {
    /** Sends without an outcome: {@link #send} waits above, shortly. */
    private static final int WINDOW = 2_000;

    private static final long ROOM_MILLIS = 100;
    /** What the client takes for lost. */
    private static final int ANSWER_MILLIS = 10_000;
    /** RocketMQ's limit of all properties together, less what its client and the broker add: an id, a region, a flag or two. */
    private static final int MOST_PROPERTY_BYTES = Short.MAX_VALUE - 200;

    private final DefaultMQProducer producer;
    private final Topics topics;
    private final Delays delays;
    private final PublishListener listener;
    private final Consumer<AutoCloseable> onClose;
    private final Semaphore room = new Semaphore(WINDOW);
    private final Map<String, Boolean> accepted = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    RocketPublishSession(
            DefaultMQProducer producer, Topics topics, PublishListener listener, Consumer<AutoCloseable> onClose) {
        this.producer = producer;
        this.topics = topics;
        this.delays = new Delays(topics);
        this.listener = listener;
        this.onClose = onClose;
    }

    @Override
    public void send(OutboundFrame frame, Object context) {
        if (closed.get()) {
            listener.notSent(context, new ClientClosedException("the publish session is closed"));
            return;
        }
        try {
            List<MessageQueue> queues = topics.queues(frame.destination());
            if (queues.isEmpty()) {
                String text = "there is no destination " + frame.destination();
                listener.rejected(context, Reason.UNROUTABLE, new MessagingException(text, null));
            } else if (mayPlace(frame, queues.size())) {
                place(frame, context, queues.get(KeyHash.place(frame.keyHash(), queues.size())));
            } else {
                String text = "the keys of " + frame.destination() + " would move";
                listener.notSent(context, new ConnectionException(text));
            }
        } catch (RuntimeException e) {
            listener.notSent(context, RocketErrors.translate("publishing", e));
        }
    }

    private boolean mayPlace(OutboundFrame frame, int queues) {
        String destination = frame.destination();
        if (!accepted.getOrDefault(destination, false)) {
            accepted.put(destination, listener.shards(destination, queues));
        }
        return frame.key() == null || Objects.requireNonNull(accepted.get(destination));
    }

    private void place(OutboundFrame frame, Object context, MessageQueue queue) {
        Message message = RocketRecords.outbound(frame, queue.getTopic());
        SendOptions options = frame.options();
        Duration delay = options == null ? null : options.delay();
        String refusal = delay == null ? null : delays.put(message, delay, queue.getBrokerName());
        if (refusal != null) {
            listener.rejected(context, Reason.REFUSED, new MessagingException(refusal, null));
            return;
        }
        int properties = RocketRecords.propertyBytes(message);
        if (properties > MOST_PROPERTY_BYTES) {
            listener.rejected(
                    context,
                    Reason.TOO_LARGE,
                    new MessagingException("its headers take " + properties + " bytes as properties", null));
            return;
        }
        if (!enter()) {
            listener.notSent(context, new ConnectionException(WINDOW + " messages have no answer yet"));
            return;
        }
        Answer answer = new Answer(context, queue, delay != null);
        try {
            producer.send(message, queue, answer, ANSWER_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.onException(e);
        } catch (Exception e) {
            answer.onException(e);
        }
    }

    private boolean enter() {
        try {
            return room.tryAcquire(ROOM_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Hears of one message; the first answer counts. */
    private final class Answer implements SendCallback {
        private final Object context;
        private final MessageQueue queue;
        private final boolean delayed;
        private final AtomicBoolean given = new AtomicBoolean();

        Answer(Object context, MessageQueue queue, boolean delayed) {
            this.context = context;
            this.queue = queue;
            this.delayed = delayed;
        }

        @Override
        public void onSuccess(@Nullable SendResult result) {
            if (!given.compareAndSet(false, true)) {
                return;
            }
            room.release();
            if (result != null && result.getSendStatus() == SendStatus.SEND_OK) {
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
            room.release();
            MessagingException cause = RocketErrors.translate("publishing", error);
            Outcome outcome = RocketErrors.outcome(error);
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
            try {
                if (room.tryAcquire(WINDOW, deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                    room.release(WINDOW);
                }
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
}
