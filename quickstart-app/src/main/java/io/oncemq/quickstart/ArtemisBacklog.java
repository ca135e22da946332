package io.oncemq.quickstart;

import java.util.concurrent.TimeoutException;
import org.apache.activemq.artemis.api.core.SimpleString;

/** The messages in the group's queues, those that were delivered and not acknowledged included. */
final class ArtemisBacklog implements Backlog {
    private final ArtemisSession raw;

    ArtemisBacklog(String uri) {
        raw = new ArtemisSession(uri);
    }

    @Override
    public long open() throws TimeoutException {
        try {
            long open = 0;
            for (int shard = 0; shard < Places.PARTITIONS; shard++) {
                SimpleString queue = SimpleString.of(ArtemisBroker.queue(Places.DESTINATION, shard));
                open += raw.get().queueQuery(queue).getMessageCount();
            }
            return open;
        } catch (Exception e) {
            raw.close();
            throw (TimeoutException) new TimeoutException("no answer").initCause(e);
        }
    }

    @Override
    public void close() {
        raw.close();
    }
}
