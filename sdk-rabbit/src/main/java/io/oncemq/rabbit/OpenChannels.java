package io.oncemq.rabbit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The channels of one user of a connection that others use, too: they end with their user, the connection does not. Thread-safe. */
final class OpenChannels {
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Channel on(Connection connection) throws IOException {
        Channel channel = Channels.on(connection);
        open.add(channel);
        channel.addShutdownListener(cause -> open.remove(channel));
        if (closed) {
            Channels.abort(channel);
            throw new IOException("closing");
        }
        return channel;
    }

    /** Also closes what is opened from now on. */
    void close() {
        closed = true;
        List.copyOf(open).forEach(Channels::abort);
    }
}
