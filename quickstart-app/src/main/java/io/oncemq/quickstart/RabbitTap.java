package io.oncemq.quickstart;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A queue of its own beside those of the group, read and written with a raw channel; a new one after each failure. */
final class RabbitTap implements Tap {
    private static final String QUEUE = Places.DESTINATION + ".tap";
    private static final int MOST = 200;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration CONFIRM_PATIENCE = Duration.ofSeconds(10);

    /** Opens a connection. */
    interface Connector {
        Connection connect() throws IOException, TimeoutException;
    }

    private final Connector connector;
    private final Stop stop;
    private final List<Runnable> unconfirmed = new ArrayList<>();
    private @Nullable Connection connection;
    private @Nullable Channel channel;
    private boolean atEnd;

    /** Binds its queue: what is published from now on is read. */
    RabbitTap(Connector connector, Stop stop) {
        this.connector = connector;
        this.stop = stop;
        while (current() == null) {
            stop.pause(PAUSE);
        }
    }

    @Override
    public List<Original> read() {
        flush();
        List<Original> originals = new ArrayList<>();
        Channel reading = current();
        int count = 0;
        atEnd = false;
        if (reading != null) {
            try {
                count = read(reading, originals);
                atEnd = count == 0;
            } catch (IOException | ShutdownSignalException e) {
                disconnect();
            }
        }
        if (count == 0) {
            stop.pause(PAUSE);
        }
        return originals;
    }

    /** @return how many messages there were, copies included */
    private int read(Channel reading, List<Original> originals) throws IOException {
        int count = 0;
        GetResponse next = reading.basicGet(QUEUE, true);
        while (next != null) {
            GetResponse message = next;
            if (!isCopy(message.getProps())) {
                originals.add(stored -> writeAgain(message, stored));
            }
            next = ++count < MOST ? reading.basicGet(QUEUE, true) : null;
        }
        return count;
    }

    private static boolean isCopy(BasicProperties properties) {
        Map<String, Object> headers = properties.getHeaders();
        return headers != null && headers.containsKey(MARK);
    }

    private void writeAgain(GetResponse original, Runnable stored) {
        Channel writing = current();
        if (writing == null) {
            return;
        }
        Map<String, Object> headers = new HashMap<>();
        if (original.getProps().getHeaders() != null) {
            headers.putAll(original.getProps().getHeaders());
        }
        headers.put(MARK, "");
        try {
            writing.basicPublish(
                    Places.DESTINATION,
                    original.getEnvelope().getRoutingKey(),
                    original.getProps().builder().headers(headers).build(),
                    original.getBody());
            unconfirmed.add(stored);
        } catch (IOException | ShutdownSignalException e) {
            disconnect();
        }
    }

    @Override
    public boolean isAtEnd() {
        return atEnd;
    }

    @Override
    public void flush() {
        Channel writing = channel;
        if (writing == null || unconfirmed.isEmpty()) {
            return;
        }
        try {
            if (writing.waitForConfirms(CONFIRM_PATIENCE.toMillis())) {
                unconfirmed.forEach(Runnable::run);
            }
            unconfirmed.clear();
        } catch (ShutdownSignalException | TimeoutException e) {
            disconnect();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stop.StoppedException();
        }
    }

    /** Null while the broker is away. */
    private @Nullable Channel current() {
        if (channel == null || !channel.isOpen()) {
            disconnect();
            try {
                Connection fresh = connector.connect();
                connection = fresh;
                Channel opened = fresh.createChannel();
                opened.confirmSelect();
                opened.queueDeclare(QUEUE, true, false, false, null);
                for (String key : keys()) {
                    opened.queueBind(QUEUE, Places.DESTINATION, key);
                }
                channel = opened;
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                disconnect();
            }
        }
        return channel;
    }

    private static List<String> keys() {
        return IntStream.range(0, Places.PARTITIONS)
                .mapToObj(shard -> shard + "/" + Places.PARTITIONS)
                .toList();
    }

    private void disconnect() {
        unconfirmed.clear();
        channel = null;
        Connection broken = connection;
        connection = null;
        if (broken != null) {
            broken.abort();
        }
    }

    @Override
    public void close() {
        disconnect();
    }
}
