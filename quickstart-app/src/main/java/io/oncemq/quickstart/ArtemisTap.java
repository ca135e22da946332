package io.oncemq.quickstart;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.jspecify.annotations.Nullable;

/** A queue of its own beside those of the group, read and written with Artemis' own client. Each copy is confirmed before the next. */
final class ArtemisTap implements Tap {
    private static final String QUEUE = Places.DESTINATION + ".tap";
    private static final SimpleString MARK_PROPERTY = SimpleString.of("written_HYPHEN_again");
    /** By which the broker knows the second copy of a send: it would drop ours. */
    private static final SimpleString DUPLICATE_MARK = SimpleString.of("_AMQ_DUPL_ID");

    private static final int MOST = 200;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Stop stop;
    private final ArtemisSession raw;
    private @Nullable ClientConsumer consumer;
    private @Nullable ClientProducer producer;
    private boolean atEnd;

    /** Creates its queue: what is published from now on is read. */
    ArtemisTap(String uri, Stop stop) {
        this.stop = stop;
        this.raw = new ArtemisSession(uri);
        while (!isConnected()) {
            stop.pause(PAUSE);
        }
    }

    private boolean isConnected() {
        try {
            connect();
            return true;
        } catch (Exception away) {
            raw.close();
            return false;
        }
    }

    private void connect() throws Exception {
        if (raw.isOpen()) {
            return;
        }
        ClientSession session = raw.get();
        if (!session.queueQuery(SimpleString.of(QUEUE)).isExists()) {
            session.createQueue(QueueConfiguration.of(QUEUE)
                    .setAddress(Places.DESTINATION)
                    .setRoutingType(RoutingType.MULTICAST)
                    .setDurable(true)
                    .setAutoDelete(false));
        }
        consumer = session.createConsumer(QUEUE);
        producer = session.createProducer(Places.DESTINATION);
    }

    @Override
    public List<Original> read() {
        List<Original> originals = new ArrayList<>();
        int count = 0;
        atEnd = false;
        try {
            connect();
            count = read(originals);
            atEnd = count == 0;
        } catch (Exception away) {
            raw.close();
        }
        if (count == 0) {
            stop.pause(PAUSE);
        }
        return originals;
    }

    /** @return how many messages there were, copies included */
    private int read(List<Original> originals) throws Exception {
        ClientConsumer reading = consumer;
        int count = 0;
        while (reading != null && count < MOST) {
            ClientMessage message = reading.receiveImmediate();
            if (message == null) {
                break;
            }
            message.acknowledge();
            count++;
            if (!message.containsProperty(MARK_PROPERTY)) {
                originals.add(stored -> writeAgain(message, stored));
            }
        }
        return count;
    }

    private void writeAgain(ClientMessage original, Runnable stored) {
        try {
            connect();
            ClientProducer writing = producer;
            if (writing != null) {
                writing.send(copy(original));
                stored.run();
            }
        } catch (Exception away) {
            raw.close();
        }
    }

    private ClientMessage copy(ClientMessage original) throws Exception {
        ClientMessage copy = raw.get().createMessage(original.getType(), true);
        for (SimpleString name : original.getPropertyNames()) {
            if (!name.equals(DUPLICATE_MARK)) {
                copy.putObjectProperty(name, original.getObjectProperty(name));
            }
        }
        copy.putStringProperty(MARK_PROPERTY, SimpleString.of(""));
        copy.getBodyBuffer()
                .writeBytes(original.getDataBuffer(), original.getDataBuffer().readableBytes());
        return copy;
    }

    @Override
    public boolean isAtEnd() {
        return atEnd;
    }

    /** Every copy was waited for. */
    @Override
    public void flush() {}

    @Override
    public void close() {
        raw.close();
    }
}
