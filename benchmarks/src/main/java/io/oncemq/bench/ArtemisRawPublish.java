package io.oncemq.bench;

import io.oncemq.spi.KeyHash;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asynchronous sends of the raw client, as many open at once as OnceMQ's adapter allows, with the id and the key's hash as properties. */
final class ArtemisRawPublish {
    static final String ID = "cloudEvents_id";
    private static final String HASH = "oncemq_hash";
    private static final int POSITIVE = 0x7fffffff;
    private static final int WINDOW = 2_000;

    private final Session session;
    private final MessageProducer producer;
    private final Semaphore window = new Semaphore(WINDOW);
    private final AtomicReference<@Nullable Throwable> refused = new AtomicReference<>();
    private final CompletionListener settled = new CompletionListener() {
        @Override
        public void onCompletion(Message message) {
            window.release();
        }

        @Override
        public void onException(Message message, Exception failure) {
            refused.set(failure);
            window.release();
        }
    };

    ArtemisRawPublish(Connection connection, String destination) throws JMSException {
        session = connection.createSession();
        producer = session.createProducer(session.createTopic(destination));
    }

    /** Messages per second from the second send to the last confirm. */
    double run(Workload workload, long run) throws JMSException, InterruptedException {
        byte[] body = Workload.body();
        publish(workload, run, 0, body);
        awaitAll();
        long start = System.nanoTime();
        for (int i = 1; i < workload.messages(); i++) {
            publish(workload, run, i, body);
        }
        awaitAll();
        return Rate.of(workload.messages() - 1, System.nanoTime() - start);
    }

    private void publish(Workload workload, long run, int message, byte[] body)
            throws JMSException, InterruptedException {
        window.acquire();
        BytesMessage wire = session.createBytesMessage();
        wire.writeBytes(body);
        wire.setStringProperty(ID, Workload.id(run, message));
        wire.setIntProperty(HASH, KeyHash.of(workload.key(message)) & POSITIVE);
        producer.send(wire, settled);
    }

    private void awaitAll() throws InterruptedException {
        window.acquire(WINDOW);
        window.release(WINDOW);
        Throwable failure = refused.get();
        if (failure != null) {
            throw new IllegalStateException("a raw send failed", failure);
        }
    }
}
