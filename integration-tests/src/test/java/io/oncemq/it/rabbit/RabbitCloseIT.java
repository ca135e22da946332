package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.testkit.server.NeedsRabbit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Q13: a quorum queue can forget acknowledgements of a channel that closes at once. */
@NeedsRabbit
class RabbitCloseIT {
    private static final int CLOSES = 20;
    private static final int MESSAGES = 3_000;

    @Test
    void whatIsSettledBeforeACloseDoesNotComeBack() {
        List<Integer> cameBack = new ArrayList<>();
        try (BrokerTransport transport = SharedRabbit.rabbit().open("close")) {
            for (int close = 0; close < CLOSES; close++) {
                String destination = SharedRabbit.destination(1);
                SharedRabbit.raw().publish(destination, 0, 1, SharedRabbit.numbers(0, MESSAGES));
                closeRightAfterTheLast(transport, destination);
                cameBack.add(left(SharedRabbit.queue(destination, 0)));
                SharedRabbit.raw().deleteQueue(SharedRabbit.queue(destination, 0));
            }
        }
        assertThat(cameBack).hasSize(CLOSES).containsOnly(0);
    }

    private static void closeRightAfterTheLast(BrokerTransport transport, String destination) {
        SettlingSingly listener = new SettlingSingly();
        MessageSource source = transport.openSource(SharedRabbit.spec(destination), listener);
        listener.source = source;
        source.start();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> listener.last == MESSAGES);
        source.close(Duration.ofSeconds(20));
    }

    /** Once the consumer is gone the queue has taken back what was not acknowledged. */
    private static int left(String queue) {
        await().atMost(Duration.ofSeconds(60)).until(() -> SharedRabbit.raw().consumers(queue) == 0);
        return SharedRabbit.raw().ready(queue);
    }

    /** The first message stays open until the end, so all others are acknowledged one by one. */
    private static final class SettlingSingly implements SourceListener {
        volatile @Nullable MessageSource source;
        volatile long last;

        @Override
        public void onAssigned(Collection<Shard> shards) {}

        @Override
        public void onMessages(Shard shard, List<InboundMessage> messages) {
            long[] singles = messages.stream()
                    .mapToLong(InboundMessage::tag)
                    .filter(tag -> tag > 1)
                    .toArray();
            MessageSource current = source;
            if (current != null) {
                current.acknowledge(List.of(new Acknowledgement(shard, -1, singles, false)));
            }
            last = messages.get(messages.size() - 1).tag();
        }

        @Override
        public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
            return shards.stream()
                    .map(shard -> new Acknowledgement(shard, last, Acknowledgement.NONE, true))
                    .toList();
        }

        @Override
        public void onLost(Collection<Shard> shards) {}

        @Override
        public void onEvent(io.oncemq.MessagingEvent event) {}

        @Override
        public void onFailure(Throwable cause) {}
    }
}
