package io.oncemq.jms;

import io.oncemq.ClientClosedException;
import io.oncemq.MessagingException;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.core.publish.Gate;
import io.oncemq.core.publish.LetterRoom;
import io.oncemq.jms.ActiveMqErrors.Fate;
import io.oncemq.spi.Leftover;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.support.Routes;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.apache.activemq.AsyncCallback;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQTopic;
import org.jspecify.annotations.Nullable;

/**
 * Up to four connections: one asks for routes, and the others are opened as destinations need them. These send, and learn of each message when the
 * broker has it on its disk, in every queue. An error of one of them ends the publish
 * session, and whatever has no answer by then is perhaps stored.
 *
 * <p>Threads: {@link #send} on the engine's; answers on the client's; what waits for a route on the one that asks. A send waits where the
 * socket takes no more; a caller that is stuck there is cut off by {@link #tick}.
 */
final class ActiveMqPublishSession implements JmsTransport.Watched {
    /** Messages without an answer, at which the engine pauses. */
    private static final int WINDOW = 2_000;

    /** The broker waits for its disk message by message on a connection; those of several it can write at once. */
    private static final int LANES = 3;

    private static final int POSITIVE = 0x7fffffff;

    private final ActiveMqSettings settings;
    private final List<ActiveMqLink> links = new CopyOnWriteArrayList<>();
    /** Opened by the thread that looks routes up, before the first message needs it. */
    private final AtomicReferenceArray<ActiveMqLane> lanes = new AtomicReferenceArray<>(LANES);

    private final Routes<ActiveMqRoutes.Route> routes;
    private final ThreadPoolExecutor lookUps = LookUps.thread();
    private final SerialSends<ActiveMqRoutes.Route> sends;
    private final PublishListener listener;
    private final int largestBody;
    private final Consumer<AutoCloseable> onClose;
    private final Gate gate;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean closed;

    /** Blocks for its first connection. */
    ActiveMqPublishSession(ActiveMqSettings settings, PublishListener listener, Consumer<AutoCloseable> onClose)
            throws JMSException {
        this.settings = settings;
        this.listener = listener;
        this.largestBody = settings.common().maxMessageSize();
        this.onClose = onClose;
        this.gate = new Gate(listener, WINDOW);
        this.sends = new SerialSends<>(
                listener,
                ActiveMqErrors::translate,
                this::fail,
                (route, frame, context) -> write(frame, context, route.of(frame.keyHash())));
        ActiveMqRoutes register = new ActiveMqRoutes(open());
        this.routes =
                new Routes<>(lookUps, name -> prepared(register.find(name)), sends, LookUps.GOOD, System::nanoTime);
    }

    private ActiveMqRoutes.Route prepared(ActiveMqRoutes.Route route) throws JMSException {
        for (ActiveMQTopic topic : route.topics()) {
            int lane = lane(topic);
            if (lanes.get(lane) == null) {
                lanes.set(lane, openLane());
            }
        }
        return route;
    }

    private ActiveMqLane openLane() throws JMSException {
        ActiveMqLink link = open();
        try {
            return new ActiveMqLane(link);
        } catch (JMSException | RuntimeException e) {
            discard(link);
            throw e;
        }
    }

    /** A shard keeps to one: what is handed over first is stored first, also of different keys. */
    private static int lane(ActiveMQTopic topic) {
        return (topic.hashCode() & POSITIVE) % LANES;
    }

    private ActiveMqLink open() throws JMSException {
        ActiveMqLink link = ActiveMqLink.open(settings);
        links.add(link);
        try {
            link.connection.setExceptionListener(this::fail);
        } catch (JMSException | RuntimeException e) {
            discard(link);
            throw e;
        }
        if (closed) {
            discard(link);
            throw new ClientClosedException("the publish session is closed");
        }
        return link;
    }

    private void discard(ActiveMqLink link) {
        links.remove(link);
        link.cut();
    }

    @Override
    public void send(OutboundFrame frame, Object context) {
        Throwable broken = failure.get();
        if (closed || broken != null) {
            listener.notSent(
                    context, broken == null ? new ClientClosedException("the publish session is closed") : broken);
            return;
        }
        byte[] body = frame.body();
        if (body != null && body.length > largestBody && !LetterRoom.isLetter(frame)) {
            String text = "the body has " + body.length + " bytes, and ActiveMq.maxMessageSize is " + largestBody;
            listener.rejected(context, Reason.TOO_LARGE, new MessagingException(text, null));
            return;
        }
        routes.send(frame, context);
    }

    @Override
    public Leftover abandon(OutboundFrame frame, Object context) {
        return routes.withdraw(frame, context) ? Leftover.withdrawn(null) : Leftover.STUCK;
    }

    private void write(OutboundFrame frame, Object context, ActiveMQTopic topic) {
        Answer answer = new Answer(frame.destination(), context);
        gate.entered();
        try {
            ActiveMqLane lane = Objects.requireNonNull(lanes.get(lane(topic)));
            ActiveMQMessage message = lane.message(frame);
            String refusal = lane.refusal(frame, message);
            if (refusal == null) {
                lane.send(frame, message, topic, answer);
            } else {
                answer.tooLarge(refusal);
            }
        } catch (JMSException | RuntimeException e) {
            answer.failed(e);
        }
    }

    /** Hears of one message; the first answer counts, and none once the session is over. */
    private final class Answer implements AsyncCallback {
        private final String destination;
        private final Object context;
        private final AtomicBoolean given = new AtomicBoolean();

        Answer(String destination, Object context) {
            this.destination = destination;
            this.context = context;
        }

        private boolean isFirst() {
            boolean first = given.compareAndSet(false, true);
            if (first) {
                gate.left(1);
            }
            return first;
        }

        @Override
        public void onSuccess() {
            if (isFirst()) {
                listener.confirmed(context, new Position(destination, -1));
            }
        }

        /** Nothing of it was written. */
        void tooLarge(String why) {
            if (isFirst()) {
                listener.rejected(context, Reason.TOO_LARGE, new MessagingException(why, null));
            }
        }

        @Override
        public void onException(JMSException error) {
            failed(error);
        }

        void failed(Exception error) {
            Fate fate = ActiveMqErrors.fate(error);
            if (fate == Fate.SESSION_OVER) {
                fail(error);
                return;
            }
            if (!isFirst()) {
                return;
            }
            MessagingException cause = ActiveMqErrors.translate("publishing", error);
            if (fate == Fate.UNAUTHORIZED) {
                listener.rejected(context, Reason.UNAUTHORIZED, cause);
            } else {
                listener.unknown(context, cause);
            }
        }
    }

    /** Ends the session once; every message without an answer is perhaps stored. */
    private void fail(Throwable cause) {
        Throwable translated = ActiveMqErrors.translate("publishing", cause);
        if (!closed && failure.compareAndSet(null, translated)) {
            listener.sessionFailed(translated);
        }
    }

    @Override
    public void tick() {
        if (sends.isStuck()) {
            links.forEach(ActiveMqLink::cut);
        }
    }

    /** Every message is written at once. */
    @Override
    public void flush() {}

    @Override
    public void close(Duration deadline) {
        closed = true;
        routes.close(new ClientClosedException("the publish session is closed"));
        lookUps.shutdownNow();
        ActiveMqLink.closeAll(links, deadline);
        onClose.accept(this);
    }
}
