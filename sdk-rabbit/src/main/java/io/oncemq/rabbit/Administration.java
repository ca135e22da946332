package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.oncemq.ConnectionException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Questions and declarations, over a connection of their own that is opened again when it broke. One at a time, each on whatever channel
 * is open: the server closes it with every no. Thread-safe; every method blocks.
 */
final class Administration {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    /** Something to say to the server. */
    interface Request<T> {
        T on(Channel channel) throws IOException;
    }

    private final Connections connections;
    private @Nullable Connection connection;
    private @Nullable Channel channel;
    private boolean closed;

    Administration(Connections connections) {
        this.connections = connections;
    }

    /** The connection, opened if there is none. */
    synchronized Connection connection() {
        Connection open = connection;
        if (open != null && open.isOpen()) {
            return open;
        }
        if (closed) {
            throw new ConnectionException("the transport is closed");
        }
        channel = null;
        open = connections.open("administration");
        connection = open;
        return open;
    }

    /**
     * Asks.
     *
     * @return the answer, or null if there is no such thing
     * @throws Refused if the server says no otherwise
     * @throws io.oncemq.ConnectionException if it cannot be reached or does not answer
     */
    <T> @Nullable T ask(String doing, Request<T> request) {
        try {
            return say(doing, request);
        } catch (Refused e) {
            if (e.code() == AMQP.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    /**
     * The same, for what must be there.
     *
     * @throws Refused if the server says no
     * @throws io.oncemq.ConnectionException if it cannot be reached or does not answer; it may have done it
     */
    synchronized <T> T say(String doing, Request<T> request) {
        try {
            return request.on(channel());
        } catch (IOException | RuntimeException e) {
            Channel broken = channel;
            channel = null;
            int code = RabbitErrors.replyCode(e);
            if (code == AMQP.NOT_FOUND || code == AMQP.PRECONDITION_FAILED) {
                throw new Refused(code, RabbitErrors.replyText(e));
            }
            abort(broken);
            throw RabbitErrors.translate(doing, e);
        }
    }

    private Channel channel() throws IOException {
        Channel open = channel;
        if (open == null || !open.isOpen()) {
            open = connection().createChannel();
            if (open == null) {
                throw new ConnectionException("the server allows no further channel");
            }
            channel = open;
        }
        return open;
    }

    /** What came late to a request that was given up must not answer the next. */
    private static void abort(@Nullable Channel broken) {
        if (broken != null) {
            try {
                broken.abort();
            } catch (IOException | RuntimeException e) {
                org.slf4j.LoggerFactory.getLogger(Administration.class).debug("not closed: {}", e.toString());
            }
        }
    }

    synchronized void close() {
        closed = true;
        Connection open = connection;
        if (open != null) {
            connections.close(open, CLOSE);
        }
    }

    /** The server's no, which closed the channel. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int code;

        Refused(int code, String text) {
            super(text, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }
}
