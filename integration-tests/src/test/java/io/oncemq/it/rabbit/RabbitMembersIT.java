package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.SourceListener;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.NeedsRabbit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several members of one group: who is delivered to, and how shards move between them. */
@NeedsRabbit
class RabbitMembersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void aMemberThatJoinsIsGivenItsPartAndThenNothingMoves() {
        String destination = SharedRabbit.destination(4);
        Received first = Received.settlingAll();
        start(destination, first, SharedRabbit.server().port());
        publishToAll(destination, 0);
        await().atMost(PATIENCE).until(() -> first.owned.size() == 4);
        Received second = Received.settlingAll();
        start(destination, second, SharedRabbit.server().port());
        await().atMost(PATIENCE).until(() -> first.owned.size() == 2);
        publishToAll(destination, 1);
        await().atMost(PATIENCE).until(() -> second.owned.size() == 2);
        assertThat(first.revoked).hasSize(2);
        await().during(Duration.ofSeconds(3))
                .atMost(PATIENCE)
                .until(() -> first.owned.size() == 2 && second.owned.size() == 2);
        assertThat(first.lost).isEmpty();
        assertThat(second.revoked).isEmpty();
    }

    /** A handler of one shard takes its time while another member is given that shard: the other shards are read on (S10). */
    @Test
    void aShardThatDrainsHoldsUpNoOther() {
        String destination = SharedRabbit.destination(4);
        CountDownLatch draining = new CountDownLatch(1);
        CountDownLatch drained = new CountDownLatch(1);
        Received first = Received.settlingAll();
        first.drain = () -> {
            draining.countDown();
            awaitQuietly(drained);
        };
        start(destination, first, SharedRabbit.server().port());
        publishToAll(destination, 0);
        await().atMost(PATIENCE).until(() -> first.owned.size() == 4);
        Received second = Received.settlingAll();
        start(destination, second, SharedRabbit.server().port());
        try {
            await().atMost(PATIENCE).until(() -> draining.getCount() == 0);
            publishToAll(destination, 1);
            publishToAll(destination, 2);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(first.seen()).filteredOn("2"::equals).hasSizeGreaterThanOrEqualTo(2));
        } finally {
            drained.countDown();
        }
        await().atMost(PATIENCE).until(() -> first.owned.size() == 2);
        publishToAll(destination, 3);
        await().atMost(PATIENCE).until(() -> second.owned.size() == 2);
        assertThat(first.lost).isEmpty();
        assertThat(first.failure).isNull();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aShardIsNotHandedAroundBetweenMembersThatAreMoreThanShards() {
        String destination = SharedRabbit.destination(1);
        Received first = Received.settlingAll();
        Received second = Received.settlingAll();
        start(destination, first, SharedRabbit.server().port());
        publishToAll(destination, 0);
        await().atMost(PATIENCE).until(() -> first.owned.size() == 1);
        start(destination, second, SharedRabbit.server().port());
        await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> first.owned.size() == 1);
        assertThat(second.assigned).isEmpty();
    }

    @Test
    void aMemberThatWaitsOwnsNothingUntilMessagesComeToIt() {
        String destination = SharedRabbit.destination(1);
        Received first = Received.settlingAll();
        Received second = Received.settlingAll();
        MessageSource active = start(destination, first, SharedRabbit.server().port());
        publishToAll(destination, 0);
        await().atMost(PATIENCE).until(() -> first.owned.size() == 1);
        start(destination, second, SharedRabbit.server().port());
        awaitMembers(destination, 2);
        active.close(Duration.ofSeconds(5));
        assertThat(second.assigned).isEmpty();
        publishToAll(destination, 1);
        await().atMost(PATIENCE).until(() -> second.owned.size() == 1);
        await().atMost(PATIENCE).until(() -> !second.seen().isEmpty());
        assertThat(second.seen()).containsExactly("1");
    }

    @Test
    void theNextMemberGoesOnInOrderWhereADeadOneStopped() {
        String destination = SharedRabbit.destination(1);
        TcpProxy proxy = TcpProxy.to(SharedRabbit.server().port());
        open.push(proxy);
        Received first = Received.settling(text -> Integer.parseInt(text) < 40);
        Received second = Received.settlingAll();
        start(destination, first, proxy.port());
        SharedRabbit.raw().publish(destination, 0, 1, SharedRabbit.numbers(0, 100));
        await().atMost(PATIENCE).until(() -> first.texts.size() == 100);
        await().atMost(PATIENCE).until(() -> first.owned.size() == 1);
        start(destination, second, SharedRabbit.server().port());
        awaitMembers(destination, 2);
        assertThat(second.assigned).isEmpty();
        proxy.reset();
        SharedRabbit.raw().publish(destination, 0, 1, SharedRabbit.numbers(100, 120));
        await().atMost(PATIENCE).until(() -> second.seen().contains("119"));
        await().atMost(PATIENCE).until(() -> !first.lost.isEmpty());
        int from = Integer.parseInt(second.seen().get(0));
        assertThat(from).as("acknowledgements may be lost with the connection").isLessThanOrEqualTo(40);
        assertThat(second.seen()).isEqualTo(SharedRabbit.texts(from, 120));
        assertThat(first.texts).hasSize(100);
    }

    /** A member is counted after it has joined the line of each queue. */
    private static void awaitMembers(String destination, int count) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> SharedRabbit.raw().consumers(destination + ".g.members") == count);
    }

    private MessageSource start(String destination, SourceListener listener, int port) {
        BrokerTransport transport = SharedRabbit.at(port).open("member-" + open.size());
        open.push(transport);
        MessageSource source = transport.openSource(SharedRabbit.spec(destination), listener);
        open.push(source);
        if (listener instanceof Received received) {
            received.of(source);
        }
        source.start();
        return source;
    }

    private static void publishToAll(String destination, int number) {
        int shards = SharedRabbit.raw().shards(destination);
        for (int shard = 0; shard < shards; shard++) {
            SharedRabbit.raw().publish(destination, shard, shards, SharedRabbit.numbers(number, number + 1));
        }
    }
}
