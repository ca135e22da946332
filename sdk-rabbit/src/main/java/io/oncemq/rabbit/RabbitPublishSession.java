package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import io.oncemq.ClientClosedException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.core.publish.Gate;
import io.oncemq.rabbit.Unconfirmed.Sent;
import io.oncemq.spi.Leftover;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection with one channel that confirms. Whatever goes wrong with either ends the session, and nothing is written any more.
 *
 * <p>Threads: {@link #send} on the engine's; the first messages of a destination on an opener's, under the same lock; confirms, returns
 * and blocks on the connection's, which is never held up by a write. The server returns what it could not place before it confirms it, so
 * a confirm finds the mark of the return.
 */
final class RabbitPublishSession implements PublishSession {
    /** More unconfirmed messages make a quorum queue slower, not faster. */
    static final int WINDOW = 1_000;

    /** For how long a write may be stuck, with the engine's thread in it. */
    private static final long STUCK_NANOS = Duration.ofSeconds(3).toNanos();

    private static final BasicProperties NO_PROPERTIES = new BasicProperties.Builder().build();

    private static final int RING = 2_048;
    private static final Clock CLOCK = Clock.systemUTC();

    private final Connections connections;
    private final Connection connection;
    private final Channel channel;
    private final PublishListener listener;
    private final Topology topology;
    private final FrameLimits limits;
    private final Executor openers;
    private final Consumer<AutoCloseable> onClose;
    private final Gate gate;
    private final int frameMax;
    private final Map<String, PublishRoute> routes = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** Held while a message is written, so that the client's numbers are ours. */
    private final Object writing = new Object();

    private final Unconfirmed unconfirmed = new Unconfirmed(RING);
    /** What one confirm names; the connection's thread only. */
    private final List<Sent> confirmed = new ArrayList<>();

    private volatile long writingSince;
    private volatile boolean closed;

    RabbitPublishSession(
            Connections connections,
            Connection connection,
            Channel channel,
            PublishListener listener,
            Topology topology,
            FrameLimits limits,
            Executor openers,
            Consumer<AutoCloseable> onClose) {
        this.connections = connections;
        this.connection = connection;
        this.channel = channel;
        this.listener = listener;
        this.topology = topology;
        this.limits = limits;
        this.openers = openers;
        this.onClose = onClose;
        this.gate = new Gate(listener, WINDOW);
        this.frameMax = connection.getFrameMax();
    }

    /** Asks for confirms and listens. Blocks. */
    void begin() throws IOException {
        channel.addConfirmListener(
                (number, multiple) -> answered(number, multiple, true),
                (number, multiple) -> answered(number, multiple, false));
        channel.addReturnListener(this::returned);
        connection.addBlockedListener(gate::blocked, gate::unblocked);
        channel.confirmSelect();
        channel.addShutdownListener(this::shutDown);
    }

    @Override
    public void send(OutboundFrame frame, Object context) {
        if (isOver()) {
            refuse(context);
            return;
        }
        route(frame.destination()).send(frame, context);
    }

    private PublishRoute route(String destination) {
        PublishRoute route = routes.get(destination);
        return route == null
                ? routes.computeIfAbsent(destination, name -> new PublishRoute(name, this, topology))
                : route;
    }

    /** Writes one message. */
    void publish(Sent sent, OutboundFrame frame) {
        byte[] body = RabbitRecords.body(frame);
        if (!limits.takes(frame, body.length)) {
            rejected(
                    sent.context,
                    Reason.TOO_LARGE,
                    refusal("the body has " + body.length + " bytes, the server takes " + limits.body()));
            return;
        }
        Reason refused = null;
        boolean over;
        synchronized (writing) {
            over = isOver();
            if (!over) {
                BasicProperties properties = RabbitRecords.outbound(frame, unconfirmed.next(), CLOCK.millis());
                refused = FrameLimits.refusal(frame, properties, frameMax);
                if (refused == null) {
                    write(sent, properties, body);
                }
            }
        }
        if (over) {
            refuse(sent.context);
        } else if (refused != null) {
            rejected(
                    sent.context,
                    refused,
                    refusal("its headers do not fit into " + FrameLimits.largestHeader(frame, frameMax)
                            + " bytes: the server's frame has " + frameMax
                            + ", and a dead letter needs more headers"));
        }
    }

    private static MessagingException refusal(String text) {
        return new MessagingException(text, null);
    }

    private void write(Sent sent, BasicProperties properties, byte[] body) {
        synchronized (unconfirmed) {
            unconfirmed.add(sent);
        }
        gate.entered();
        try {
            writingSince = System.nanoTime() | 1;
            channel.basicPublish(sent.exchange, sent.placedOver.routingKey(sent.shard), true, properties, body);
        } catch (IOException | RuntimeException e) {
            fail(e);
        } finally {
            writingSince = 0;
        }
    }

    private void returned(Return message) {
        long number = RabbitRecords.sequence(message.getProperties());
        Sent sent;
        synchronized (unconfirmed) {
            sent = unconfirmed.get(number);
        }
        if (sent == null) {
            fail(new ConnectionException("the server returned a message that was not sent, number " + number));
        } else {
            sent.returned = true;
        }
    }

    private void answered(long number, boolean multiple, boolean stored) {
        int count;
        synchronized (unconfirmed) {
            count = unconfirmed.take(number, multiple, confirmed::add);
        }
        for (Sent sent : confirmed) {
            if (sent.returned) {
                route(sent.destination).returned(sent);
            } else if (stored) {
                listener.confirmed(sent.context, sent.placedOver.position(sent.shard));
            } else {
                listener.unknown(sent.context, refusal("the server does not confirm it: a queue is full, or failed"));
            }
        }
        confirmed.clear();
        gate.left(count);
    }

    private void shutDown(ShutdownSignalException cause) {
        limits.learn(RabbitErrors.replyText(cause));
        fail(cause);
    }

    /**
     * Whether the server refuses what is published to an exchange, asked within a transaction that is rolled back. The server checks the right
     * when it receives the message, and routes it only at a commit. So no queue takes it, neither one that is bound with an empty routing
     * key nor one of an alternate exchange. On a channel of its own: a refusal would close the session's. Blocks.
     *
     * @return null if it does not, or cannot tell now
     */
    @Nullable
    MessagingException writeRefusal(String exchange) {
        try (Channel probe = Channels.on(connection)) {
            probe.txSelect();
            probe.basicPublish(exchange, "", NO_PROPERTIES, new byte[0]);
            probe.txRollback();
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            if (RabbitErrors.replyCode(e) == AMQP.ACCESS_REFUSED) {
                return RabbitErrors.translate("publishing to " + exchange, e);
            }
        }
        return null;
    }

    /** Whether keys may be placed over so many shards. */
    boolean tell(String destination, int shards) {
        return listener.shards(destination, shards);
    }

    void rejected(Object context, Reason reason, Throwable cause) {
        listener.rejected(context, reason, cause);
    }

    void notSent(Object context, Throwable cause) {
        listener.notSent(context, cause);
    }

    /** A message that is certainly not stored when the session is over. */
    void refuse(Object context) {
        Throwable broken = failure.get();
        listener.notSent(context, broken == null ? new ClientClosedException("the publish session is closed") : broken);
    }

    boolean isOver() {
        return closed || failure.get() != null;
    }

    /** Runs a task that may block. */
    void later(Runnable task) {
        try {
            openers.execute(task);
        } catch (RejectedExecutionException e) {
            fail(e);
        }
    }

    /** Ends the session once; every message without an outcome is perhaps stored, but for those that were not taken. */
    void fail(Throwable cause) {
        Throwable translated = RabbitErrors.translate("publishing", cause);
        if (!closed && failure.compareAndSet(null, translated)) {
            String exchange = RabbitErrors.refusedExchange(cause);
            if (exchange != null) {
                notTaken(exchange).forEach(each -> listener.notSent(each.context, translated));
            }
            routes.values().forEach(PublishRoute::giveUp);
            listener.sessionFailed(translated);
        }
    }

    /** What the server did not read any more when it closed the channel over a message to an exchange. */
    private List<Sent> notTaken(String exchange) {
        List<Sent> notTaken = new ArrayList<>();
        synchronized (unconfirmed) {
            unconfirmed.takeFromLastTo(exchange, notTaken::add);
        }
        return notTaken;
    }

    /** Called each second or so. @param lookAgain whether shards that are not accepted are counted again */
    void tick(boolean lookAgain) {
        long since = writingSince;
        if (since != 0 && System.nanoTime() - since > STUCK_NANOS) {
            connections.cut(connection);
        }
        routes.values().forEach(route -> route.tick(lookAgain));
    }

    /** What waits for its destination to be looked up concerns that destination alone. */
    @Override
    public Leftover abandon(OutboundFrame frame, Object context) {
        PublishRoute route = routes.get(frame.destination());
        return route != null && !isOver() && route.withdraw(context) ? Leftover.withdrawn(null) : Leftover.STUCK;
    }

    /** Every message is written at once. */
    @Override
    public void flush() {}

    @Override
    public void close(Duration deadline) {
        closed = true;
        connections.close(connection, deadline);
        onClose.accept(this);
    }
}
