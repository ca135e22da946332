package io.oncemq.rabbit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;

/** Opens and closes channels. */
final class Channels {
    private Channels() {}

    static Channel on(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("the connection has no channel left: raise channel_max on the server");
        }
        return channel;
    }

    /** Closes a channel that may be closed already. Throws nothing. */
    static void abort(Channel channel) {
        try {
            if (channel.isOpen()) {
                channel.abort();
            }
        } catch (IOException | ShutdownSignalException e) {
            // It is closed then.
            return;
        }
    }
}
