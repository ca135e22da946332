package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions and declarations, over a connection of their own that is opened again when it broke. Each is on a channel for itself, so that a
 * queue that does not answer holds up nobody who asks for something else. Channels are used again, but for those that the server closed with
 * a no. A channel without an answer keeps its number busy on the server, so its connection takes no further question and is closed after those
 * that it has. Thread-safe; every method blocks.
 */
final class Administration {
    private static final Logger LOG = LoggerFactory.getLogger(Administration.class);
    private static final Duration CLOSE = Duration.ofSeconds(1);
    private static final int MOST_IDLE = 4;

    /** Something to say to the server. */
    interface Request<T> {
        T on(Channel channel) throws IOException;
    }

    private final Connections connections;
    private final Line line;
    /** Questions under way. */
    private final Map<Connection, Integer> asked = new HashMap<>();

    private final Set<Connection> retired = new HashSet<>();
    private final BlockingDeque<Channel> idle = new LinkedBlockingDeque<>(MOST_IDLE);

    Administration(Connections connections) {
        this.connections = connections;
        this.line = new Line(connections, "administration");
    }

    /** The connection, opened if there is none. */
    Connection connection() {
        return line.connection();
    }

    /** For what needs a connection to itself. */
    Connections connections() {
        return connections;
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
    <T> T say(String doing, Request<T> request) {
        Connection on = begin();
        boolean answered = true;
        Channel used = null;
        try {
            used = channel(on);
            T answer = request.on(used);
            giveBack(used);
            return answer;
        } catch (IOException | RuntimeException e) {
            int code = RabbitErrors.replyCode(e);
            if (code == AMQP.NOT_FOUND || code == AMQP.PRECONDITION_FAILED) {
                throw new Refused(code, RabbitErrors.replyText(e));
            }
            answered = !RabbitErrors.isUnanswered(e);
            if (answered) {
                abort(used);
            }
            throw RabbitErrors.translate(doing, e);
        } finally {
            end(on, answered);
        }
    }

    private Connection begin() {
        Connection on = line.connection();
        synchronized (asked) {
            asked.merge(on, 1, Integer::sum);
        }
        return on;
    }

    private void end(Connection on, boolean answered) {
        boolean last;
        synchronized (asked) {
            if (!answered) {
                line.retire(on);
                retired.add(on);
            }
            last = asked.merge(on, -1, Integer::sum) == 0;
            if (last) {
                asked.remove(on);
                last = retired.remove(on);
            }
        }
        if (last) {
            connections.close(on, CLOSE);
        }
    }

    private Channel channel(Connection on) throws IOException {
        for (Channel each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
            if (each.isOpen() && each.getConnection() == on) {
                return each;
            }
        }
        return Channels.on(on);
    }

    private void giveBack(Channel used) {
        if (!idle.offerFirst(used)) {
            abort(used);
        }
    }

    /** What came late to a request that was given up must not answer the next. */
    private static void abort(@Nullable Channel broken) {
        if (broken != null) {
            try {
                broken.abort();
            } catch (IOException | RuntimeException e) {
                LOG.debug("not closed: {}", e.toString());
            }
        }
    }

    void close() {
        line.close(CLOSE);
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
