package io.oncemq.bench;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A raw consumer of each queue with a session and a thread of its own, which acknowledges all that came at once. */
final class ArtemisRawConsume {
    private static final int MOST_AT_ONCE = 500;
    private static final long POLL_MILLIS = 200;
    private static final int MOST_EMPTY_POLLS = 600;

    private final Connection connection;
    private final int messages;
    private final IdStep step;
    private long start;
    private int handled;

    ArtemisRawConsume(Connection connection, int messages, IdStep step) {
        this.connection = connection;
        this.messages = messages;
        this.step = step;
    }

    /** Messages per second from the first one to the last one handled and acknowledged. */
    double run(String destination, String group) throws JMSException {
        ExecutorService threads = Executors.newFixedThreadPool(Bed.SHARDS);
        try {
            List<CompletableFuture<Void>> takers = IntStream.range(0, Bed.SHARDS)
                    .mapToObj(shard -> destination + "::" + ArtemisBed.queue(destination, group, shard))
                    .map(queue -> CompletableFuture.runAsync(() -> take(queue), threads))
                    .toList();
            connection.start();
            takers.forEach(CompletableFuture::join);
            return Rate.of(messages, System.nanoTime() - started());
        } finally {
            threads.shutdownNow();
        }
    }

    private void take(String queue) {
        try (Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
                MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            int empty = 0;
            while (!isDone()) {
                List<Message> batch = batch(consumer);
                if (batch.isEmpty()) {
                    if (++empty > MOST_EMPTY_POLLS) {
                        throw new IllegalStateException("not all of " + messages + " came");
                    }
                    continue;
                }
                empty = 0;
                handle(batch);
                batch.get(batch.size() - 1).acknowledge();
            }
        } catch (JMSException e) {
            throw new IllegalStateException("the raw consumer failed", e);
        }
    }

    private List<Message> batch(MessageConsumer consumer) throws JMSException {
        List<Message> batch = new ArrayList<>();
        @Nullable Message next = consumer.receive(POLL_MILLIS);
        while (next != null) {
            begin();
            batch.add(next);
            next = batch.size() < MOST_AT_ONCE ? consumer.receiveNoWait() : null;
        }
        return batch;
    }

    private synchronized void begin() {
        start = start == 0 ? System.nanoTime() : start;
    }

    private synchronized long started() {
        return start;
    }

    private synchronized boolean isDone() {
        return handled >= messages;
    }

    private synchronized void handle(List<Message> batch) {
        handled += step.handle(
                batch.size(), () -> batch.stream().map(ArtemisRawConsume::id).toList());
    }

    private static String id(Message message) {
        try {
            return message.getStringProperty(ArtemisRawPublish.ID);
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
