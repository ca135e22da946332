package io.oncemq.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/**
 * The raw consumer with its waiting overlapped: one thread polls and commits, another one claims, handles and remembers, some batches behind. Commits
 * only what is remembered as done. One run per object.
 */
final class KafkaOverlappedConsume {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final long COMMIT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int BATCHES_AHEAD = 4;

    /** @param last where nothing follows */
    private record Batch(List<String> ids, Map<TopicPartition, OffsetAndMetadata> next, boolean last) {}

    private final BlockingQueue<Batch> received = new ArrayBlockingQueue<>(BATCHES_AHEAD);
    private final ConcurrentLinkedQueue<Batch> done = new ConcurrentLinkedQueue<>();
    private final OverlappedDedupe dedupe;
    private final int messages;
    private int handled;
    private long start;
    private volatile @Nullable RuntimeException failure;

    KafkaOverlappedConsume(Jedis jedis, String group, int messages) {
        this.dedupe = new OverlappedDedupe(jedis, group);
        this.messages = messages;
    }

    /** Messages per second from the first poll with records to the answer that the last one is done. */
    double run(String bootstrap, String topic, String group) throws InterruptedException {
        Map<String, Object> settings = KafkaSettings.rawConsumer(bootstrap, group);
        settings.put("enable.auto.commit", "false");
        Thread handler = new Thread(this::handle, "bench-handler");
        handler.start();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            poll(consumer);
            handler.join();
            long nanos = System.nanoTime() - start;
            if (failure != null) {
                throw new IllegalStateException("handling failed", failure);
            }
            if (handled != messages) {
                throw new IllegalStateException(handled + " handled instead of " + messages);
            }
            return Rate.of(messages, nanos);
        } finally {
            handler.interrupt();
        }
    }

    private void poll(KafkaConsumer<String, byte[]> consumer) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long committed = System.nanoTime();
        int taken = 0;
        while (taken < messages && failure == null) {
            ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("only " + taken + " of " + messages + " came");
            }
            if (!records.isEmpty()) {
                start = start == 0 ? System.nanoTime() : start;
                taken += records.count();
                put(new Batch(KafkaRawConsume.ids(records), records.nextOffsets(), taken >= messages));
            }
            if (System.nanoTime() - committed > COMMIT_NANOS) {
                committed = System.nanoTime();
                commit(consumer);
            }
        }
    }

    private void put(Batch batch) throws InterruptedException {
        while (failure == null && !received.offer(batch, 1, TimeUnit.SECONDS)) {
            Thread.onSpinWait();
        }
    }

    private void commit(KafkaConsumer<String, byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (Batch batch = done.poll(); batch != null; batch = done.poll()) {
            next.putAll(batch.next);
        }
        if (!next.isEmpty()) {
            consumer.commitAsync(next, null);
        }
    }

    private void handle() {
        try {
            @Nullable Batch before = null;
            boolean last = false;
            while (!last) {
                // Waits for the next batch only once the one before it is remembered.
                Batch batch = before == null ? received.take() : received.poll();
                handled += dedupe.handle(batch == null ? new ArrayList<>() : batch.ids);
                if (before != null) {
                    done.add(before);
                }
                before = batch;
                last = batch != null && batch.last;
            }
            dedupe.handle(List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
        }
    }
}
