package io.oncemq.quickstart;

import io.oncemq.DestinationSpec;
import io.oncemq.testkit.server.ArtemisServer;
import java.util.HashSet;
import java.util.Set;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;

/** One Artemis. */
final class ArtemisBroker implements Broker {
    private static final String ID_PROPERTY = "cloudEvents_id";
    private static final long PATIENCE_MILLIS = 30_000;

    private final ArtemisServer server = ArtemisServer.builder().build();

    @Override
    public String address() {
        return "127.0.0.1:" + server.port();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public Tap tap(Stop stop) {
        return new ArtemisTap(server.uri(), stop);
    }

    @Override
    public Backlog backlog() {
        return new ArtemisBacklog(server.uri());
    }

    static String queue(String destination, int shard) {
        return destination + "/" + Places.GROUP + "/" + shard;
    }

    /** Browses the queue of the group of the same name, which every dead-letter destination has. */
    @Override
    public Set<String> deadLetters() {
        SimpleString queue =
                SimpleString.of(queue(DestinationSpec.deadLetterName(Places.DESTINATION, Places.GROUP), 0));
        Set<String> ids = new HashSet<>();
        try (ArtemisSession raw = new ArtemisSession(server.uri())) {
            ClientSession session = raw.get();
            long count = session.queueQuery(queue).getMessageCount();
            try (ClientConsumer browser = session.createConsumer(queue, true)) {
                for (long i = 0; i < count; i++) {
                    ClientMessage letter = browser.receive(PATIENCE_MILLIS);
                    if (letter == null) {
                        throw new JobFailedException("only " + i + " of " + count + " dead letters came");
                    }
                    String id = letter.getStringProperty(ID_PROPERTY);
                    ids.add(id == null ? "message " + letter.getMessageID() : id);
                }
            }
            return ids;
        } catch (JobFailedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the dead letters cannot be read", e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
