package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingException;
import io.oncemq.core.LoopThreads;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QueueSourceTest {
    private static final int THERE = 20;

    private final Engine engine = new Engine();
    private final LoopThreads threads = new LoopThreads("queue-source-test");
    private final CountDownLatch looks = new CountDownLatch(10);

    @Test
    void aShardThatBeginsPausedBringsTheMessageThatToldOfItAndNoMore() throws Exception {
        QueueSource<FullPart> source = new FullSource();
        engine.source = source;
        source.start();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                source.wake();
                return looks.getCount() == 0;
            });
            assertThat(engine.tags).containsExactly(1L);
            source.resume(Objects.requireNonNull(engine.assigned));
            assertThat(engine.all.await(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            source.close(Duration.ofSeconds(10));
            threads.close(Duration.ofSeconds(10));
        }
        assertThat(engine.tags).isSorted();
    }

    /** Has no room when the shard comes. */
    private static final class Engine implements SourceListener {
        final List<Long> tags = new CopyOnWriteArrayList<>();
        final CountDownLatch all = new CountDownLatch(THERE);
        volatile QueueSource<FullPart> source;
        volatile Shard assigned;

        @Override
        public void onAssigned(Collection<Shard> shards) {
            assigned = shards.iterator().next();
            source.pause(assigned);
        }

        @Override
        public void onMessages(Shard shard, List<InboundMessage> messages) {
            for (InboundMessage each : messages) {
                tags.add(each.tag());
                all.countDown();
            }
        }

        @Override
        public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
            return List.of();
        }

        @Override
        public void onLost(Collection<Shard> shards) {}

        @Override
        public void onEvent(MessagingEvent event) {}

        @Override
        public void onFailure(Throwable cause) {
            throw new IllegalStateException(cause);
        }
    }

    /** A queue that has given this consumer its messages. */
    private final class FullPart extends QueuePart<String> {
        private int next;

        FullPart(Shard shard) {
            super(shard);
        }

        @Override
        boolean isClosed() {
            return false;
        }

        @Override
        List<InboundMessage> receive(int most) {
            looks.countDown();
            List<InboundMessage> messages = new ArrayList<>();
            while (!isPaused() && messages.size() < most && next < THERE) {
                long tag = opened("m" + next++);
                messages.add(InboundMessage.builder(tag, tag).body(new byte[0]).build());
            }
            return messages;
        }

        @Override
        void acknowledge(String message) {}

        @Override
        void flush() {}

        @Override
        void close() {}
    }

    private final class FullSource extends QueueSource<FullPart> {
        private boolean connected;

        FullSource() {
            super(
                    SourceSpec.builder("orders", "billing")
                            .maxInFlight(40)
                            .maxInFlightBytes(1_000_000)
                            .drainDeadline(Duration.ofSeconds(10))
                            .build(),
                    engine,
                    threads,
                    closed -> {},
                    "billing");
        }

        @Override
        Queues connect() {
            connected = true;
            return new Queues(List.of("orders.billing.0"), false);
        }

        @Override
        FullPart open(Shard shard) {
            return new FullPart(shard);
        }

        @Override
        void joined() {}

        @Override
        boolean isConnected() {
            return connected;
        }

        @Override
        int members() {
            return 1;
        }

        @Override
        void ask(List<FullPart> idle) {}

        @Override
        void disconnect(Duration deadline) {
            connected = false;
        }

        @Override
        MessagingException translate(String doing, Throwable error) {
            return new MessagingException(doing, error);
        }
    }
}
