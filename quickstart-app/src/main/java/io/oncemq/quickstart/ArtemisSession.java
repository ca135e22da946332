package io.oncemq.quickstart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.jspecify.annotations.Nullable;

/** A session of Artemis' own client, which acknowledges by itself; a new one after each failure. For one thread. */
final class ArtemisSession implements AutoCloseable {
    private static final int ANSWER_MILLIS = 5_000;
    private static final int CONSUMER_WINDOW = 1 << 20;

    private final String uri;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private @Nullable ClientSession session;

    ArtemisSession(String uri) {
        this.uri = uri;
    }

    boolean isOpen() {
        return session != null && !session.isClosed();
    }

    /** @throws Exception if the broker is away */
    ClientSession get() throws Exception {
        ClientSession known = session;
        if (known != null && !known.isClosed()) {
            return known;
        }
        close();
        ServerLocator locator = ActiveMQClient.createServerLocator(uri);
        opened.add(locator);
        locator.setReconnectAttempts(0);
        locator.setCallTimeout(ANSWER_MILLIS);
        locator.setConsumerWindowSize(CONSUMER_WINDOW);
        locator.setBlockOnDurableSend(true);
        ClientSessionFactory factory = locator.createSessionFactory();
        opened.add(factory);
        ClientSession fresh = factory.createSession(true, true, 0);
        opened.add(fresh);
        fresh.start();
        session = fresh;
        return fresh;
    }

    /** Gives up what is open; the next {@link #get} connects anew. */
    @Override
    public void close() {
        session = null;
        Collections.reverse(opened);
        for (AutoCloseable each : opened) {
            try {
                each.close();
            } catch (Exception e) {
                // its broker is away
            }
        }
        opened.clear();
    }
}
