package io.oncemq.rabbit;

import com.rabbitmq.client.Connection;
import io.oncemq.ConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One connection that its users share: opened when it is first needed, and again after it broke. Users who ask while it is being opened
 * wait for that attempt and share its result. Thread-safe.
 */
final class Line {
    private final Connections connections;
    private final String role;
    private @Nullable CompletableFuture<Connection> attempt;
    private boolean closed;

    Line(Connections connections, String role) {
        this.connections = connections;
        this.role = role;
    }

    /**
     * The connection, open a moment ago. Blocks while it is opened.
     *
     * @throws io.oncemq.MessagingException as {@link Connections#open}
     */
    Connection connection() {
        CompletableFuture<Connection> current;
        boolean mine;
        synchronized (this) {
            if (closed) {
                throw new ConnectionException("the transport is closed");
            }
            current = attempt;
            mine = current == null || isOver(current);
            if (current == null || mine) {
                current = new CompletableFuture<>();
                attempt = current;
            }
        }
        if (mine) {
            open(current);
        }
        try {
            return current.join();
        } catch (CompletionException e) {
            throw RabbitErrors.translate("connecting", e.getCause() == null ? e : e.getCause());
        }
    }

    private static boolean isOver(CompletableFuture<Connection> attempt) {
        return attempt.isCompletedExceptionally()
                || attempt.isDone() && !attempt.join().isOpen();
    }

    private void open(CompletableFuture<Connection> result) {
        try {
            Connection opened = connections.open(role);
            result.complete(opened);
            if (isClosed()) {
                connections.close(opened, Duration.ZERO);
            }
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    /** Opens another one for who asks next. The old one is not closed. */
    synchronized void retire(Connection old) {
        if (old.equals(current())) {
            attempt = null;
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Breaks what waits on the connection. Throws nothing. */
    void cut() {
        Connection open = current();
        if (open != null) {
            connections.cut(open);
        }
    }

    private synchronized @Nullable Connection current() {
        CompletableFuture<Connection> last = attempt;
        return last != null && last.isDone() && !last.isCompletedExceptionally() ? last.join() : null;
    }

    /** For good. Blocks as {@link Connections#close}. */
    void close(Duration deadline) {
        synchronized (this) {
            closed = true;
        }
        Connection open = current();
        if (open != null) {
            connections.close(open, deadline);
        }
    }
}
