package io.oncemq.jms;

import io.oncemq.ClientClosedException;
import io.oncemq.MessagingException;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.core.publish.Gate;
import io.oncemq.core.publish.LetterRoom;
import io.oncemq.jms.ArtemisErrors.Outcome;
import io.oncemq.spi.Leftover;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.SendOptions;
import io.oncemq.spi.support.Routes;
import jakarta.jms.CompletionListener;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Topic;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.activemq.artemis.core.client.impl.ClientSessionInternal;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.jspecify.annotations.Nullable;

/**
 * One connection with one JMS session that sends and hears of each message when the broker has it in its journal. What breaks the connection
 * ends the publish session, and whatever has no answer by then is perhaps stored.
 *
 * <p>Threads: {@link #send} on the engine's; answers on the client's; what waits for a route on the one that asks. No send waits for an address
 * ({@link ArtemisCredits}). One that waits since the socket takes no more is cut off by {@link #tick}.
 */
final class ArtemisPublishSession implements JmsTransport.Watched {
    /** Messages without an answer, at which the engine pauses. */
    private static final int WINDOW = 2_000;

    /** Below {@link ArtemisLink#ONE_PIECE}, with room for what a dead letter and the client add. */
    private static final int MOST_PROPERTY_BYTES = 90 << 10;

    private static final String MARK = "_AMQ_DUPL_ID";

    private final ArtemisLink link;
    private final ActiveMQSession session;
    private final MessageProducer producer;
    private final Routes<ArtemisRoutes.Route> routes;
    private final ThreadPoolExecutor lookUps = LookUps.thread();
    private final ArtemisCredits credits = new ArtemisCredits(System::nanoTime);
    /** As full, and not yet as full no longer; of the thread that watches. */
    private final Set<String> reported = new HashSet<>();

    private final SerialSends<ArtemisRoutes.Route> sends;
    private final Resends resends;
    private final PublishListener listener;
    private final int largestBody;
    private final Consumer<AutoCloseable> onClose;
    private final Gate gate;
    private final Set<Answer> open = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private long delay;
    private volatile boolean closed;

    ArtemisPublishSession(
            ArtemisLink link,
            Resends resends,
            PublishListener listener,
            int largestBody,
            Consumer<AutoCloseable> onClose)
            throws JMSException {
        this.link = link;
        this.session = (ActiveMQSession) link.connection.createSession();
        this.producer = session.createProducer(null);
        ActiveMQSession questions = (ActiveMQSession) link.connection.createSession();
        this.sends = new SerialSends<>(
                listener,
                ArtemisErrors::translate,
                this::fail,
                (route, frame, context) -> write(frame, context, route.topic()));
        this.routes = new Routes<>(lookUps, new ArtemisRoutes(questions), sends, LookUps.GOOD, System::nanoTime);
        ((ClientSessionInternal) session.getCoreSession())
                .getProducerCreditManager()
                .setCallback(credits);
        this.resends = resends;
        this.listener = listener;
        this.largestBody = largestBody;
        this.onClose = onClose;
        this.gate = new Gate(listener, WINDOW);
        link.connection.setExceptionListener(this::fail);
    }

    @Override
    public void send(OutboundFrame frame, Object context) {
        Throwable broken = failure.get();
        if (closed || broken != null) {
            listener.notSent(
                    context, broken == null ? new ClientClosedException("the publish session is closed") : broken);
            return;
        }
        Rejection rejection = tooLarge(frame);
        if (rejection != null) {
            listener.rejected(context, rejection.reason, new MessagingException(rejection.text, null));
            return;
        }
        routes.send(frame, context);
    }

    /** A busy producer is without credit for moments, and the broker is not to stand idle for a back-off each time. */
    private void waitForCredit(String destination, Object context) {
        MessagingException full = new MessagingException(
                "the address " + destination
                        + " is full: the broker gives no credit for it. Messages wait until their deadline;"
                        + " let consumers empty it, or raise its limit",
                null);
        if (credits.staysFull(destination)) {
            listener.notSent(context, full);
        } else {
            listener.noRoom(context, full);
        }
    }

    private record Rejection(Reason reason, String text) {}

    /** The broker has taken the body of a dead letter before, and says whether it takes its headers. */
    private @Nullable Rejection tooLarge(OutboundFrame frame) {
        if (LetterRoom.isLetter(frame)) {
            return null;
        }
        byte[] body = frame.body();
        if (body != null && body.length > largestBody) {
            String text = "the body has " + body.length + " bytes, and Artemis.maxMessageSize is " + largestBody;
            return new Rejection(Reason.TOO_LARGE, text);
        }
        long properties = JmsRecords.propertyBytes(frame);
        return properties <= MOST_PROPERTY_BYTES
                ? null
                : new Rejection(
                        Reason.TOO_LARGE,
                        "its headers take " + properties + " bytes as properties, of at most " + MOST_PROPERTY_BYTES);
    }

    @Override
    public Leftover abandon(OutboundFrame frame, Object context) {
        return routes.withdraw(frame, context) ? Leftover.withdrawn(null) : Leftover.STUCK;
    }

    private void write(OutboundFrame frame, Object context, Topic topic) {
        if (credits.isFull(frame.destination())) {
            waitForCredit(frame.destination(), context);
            return;
        }
        Answer answer = new Answer(frame, context, resends.mark(frame));
        open.add(answer);
        gate.entered();
        try {
            Message message =
                    JmsRecords.outbound(session, frame, (body, type) -> ArtemisBodies.restored(session, body, type));
            message.setStringProperty(MARK, answer.mark);
            SendOptions options = frame.options() == null ? SendOptions.NONE : frame.options();
            askDelay(options.delay());
            int priority = options.priority() == null ? Message.DEFAULT_PRIORITY : options.priority();
            producer.send(topic, message, DeliveryMode.PERSISTENT, priority, Message.DEFAULT_TIME_TO_LIVE, answer);
        } catch (JMSException | RuntimeException e) {
            answer.failed(e);
        }
    }

    private void askDelay(@Nullable Duration asked) throws JMSException {
        long millis = asked == null ? Message.DEFAULT_DELIVERY_DELAY : asked.toMillis();
        if (millis != delay) {
            producer.setDeliveryDelay(millis);
            delay = millis;
        }
    }

    /** Hears of one message; the first answer counts, and none once the session is over. */
    private final class Answer implements CompletionListener {
        private final OutboundFrame frame;
        private final Object context;
        private final String mark;
        private final AtomicBoolean given = new AtomicBoolean();

        Answer(OutboundFrame frame, Object context, String mark) {
            this.frame = frame;
            this.context = context;
            this.mark = mark;
        }

        private boolean isFirst() {
            boolean first = given.compareAndSet(false, true);
            if (first) {
                open.remove(this);
                gate.left(1);
            }
            return first;
        }

        @Override
        public void onCompletion(Message message) {
            if (isFirst()) {
                listener.confirmed(context, new Position(frame.destination(), -1));
            }
        }

        @Override
        public void onException(Message message, Exception error) {
            failed(error);
        }

        void failed(Exception error) {
            Outcome outcome = ArtemisErrors.outcome(error);
            if (outcome.fate() == ArtemisErrors.Fate.SESSION_OVER) {
                resends.undecided(frame, mark);
                fail(error);
                return;
            }
            if (!isFirst()) {
                return;
            }
            MessagingException cause = ArtemisErrors.translate("publishing", error);
            switch (outcome.fate()) {
                case NOT_SENT -> {
                    credits.refused(frame.destination());
                    listener.notSent(context, cause);
                }
                case REJECTED -> listener.rejected(context, Objects.requireNonNull(outcome.reason()), cause);
                default -> {
                    resends.undecided(frame, mark);
                    listener.unknown(context, cause);
                }
            }
        }
    }

    /** Ends the session once; every message without an answer is perhaps stored. */
    private void fail(Throwable cause) {
        Throwable translated = ArtemisErrors.translate("publishing", cause);
        if (!closed && failure.compareAndSet(null, translated)) {
            keepMarks();
            listener.sessionFailed(translated);
        }
    }

    private void keepMarks() {
        open.forEach(answer -> resends.undecided(answer.frame, answer.mark));
    }

    @Override
    public void tick() {
        if (sends.isStuck()) {
            link.cut();
        }
        reportFullAddresses();
    }

    private void reportFullAddresses() {
        Set<String> full = credits.fullForLong();
        for (String address : full) {
            if (reported.add(address)) {
                listener.blocked(address, "the address is full");
            }
        }
        reported.removeIf(address -> {
            boolean over = !full.contains(address);
            if (over) {
                listener.unblocked(address);
            }
            return over;
        });
    }

    /** Every message is written at once. */
    @Override
    public void flush() {}

    @Override
    public void close(Duration deadline) {
        if (!closed) {
            keepMarks();
        }
        closed = true;
        routes.close(new ClientClosedException("the publish session is closed"));
        lookUps.shutdownNow();
        link.close(deadline);
        onClose.accept(this);
    }
}
