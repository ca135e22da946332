package io.oncemq.it.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.it.traffic.SteadyTraffic;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.testkit.server.RocketServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever server of two brokers and a name server is broken, in the middle of traffic: one effect each, in order. */
@Tag("slow")
class RocketConsumeFaultsIT {
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final int QUEUES = 8;

    @TempDir
    private Path folder;

    private final RocketServer server = RocketRig.server();
    private final String destination = RocketRig.name();

    @Test
    void losesAndRepeatsNothingWhenABrokerOfTwoIsKilledAndStartedAgain() throws Exception {
        inTraffic(traffic -> {
            for (int broker : new int[] {1, 0}) {
                server.killBroker(broker);
                // Soon: what waits for its queues fills the publisher, which then takes nothing for the others either.
                server.restartBroker(broker);
                traffic.awaitGoesOn();
            }
        });
    }

    @Test
    void losesAndRepeatsNothingWhileTheNameServerIsAway() throws Exception {
        inTraffic(traffic -> {
            server.killNameServer();
            try {
                traffic.awaitGoesOn();
            } finally {
                server.restartNameServer();
            }
            traffic.awaitGoesOn();
        });
    }

    @Test
    void losesAndRepeatsNothingWhileABrokerIsReadOnly() throws Exception {
        inTraffic(traffic -> {
            server.readOnly(0);
            try {
                traffic.awaitGoesOn();
            } finally {
                server.writable(0);
            }
            traffic.awaitGoesOn();
        });
    }

    @Test
    void losesNothingInAStormOfMembers() throws Exception {
        List<Received> all = new ArrayList<>();
        List<MessageSource> open = new ArrayList<>();
        try (RocketAsk ask = new RocketAsk();
                BrokerTransport transport = rocket().open("storm")) {
            transport.ensure(
                    DestinationSpec.builder(destination).partitions(QUEUES).build());
            List<MessageQueue> queues = IntStream.range(0, QUEUES)
                    .mapToObj(n -> ask.queue(destination, n % 2, n / 2))
                    .toList();
            for (int round = 0; round < 8; round++) {
                for (MessageQueue each : queues) {
                    ask.publish(each, round * 20, round * 20 + 20);
                }
                Received next = Received.settlingAll();
                all.add(next);
                MessageSource source = transport.openSource(RocketRig.source(destination), next);
                next.of(source);
                open.add(source);
                source.start();
                await().until(() -> !next.owned.isEmpty());
                if (round % 2 == 1) {
                    open.remove(0).close(CLOSE);
                }
            }
            for (MessageQueue each : queues) {
                await().until(() -> ask.stored(each, "g") == 160);
            }
            open.forEach(each -> each.close(CLOSE));
            for (MessageQueue each : queues) {
                assertThat(ask.stored(each, "g")).isEqualTo(160);
                assertThat(all)
                        .flatExtracting(received -> received.all)
                        .filteredOn(one -> one.shard().name().equals(each.getBrokerName() + "-" + each.getQueueId()))
                        .extracting(Received.One::offset)
                        .hasSize(160)
                        .doesNotHaveDuplicates();
            }
        }
        assertThat(all).allSatisfy(each -> {
            assertThat(each.lost).isEmpty();
            assertThat(each.failure).isNull();
        });
    }

    private interface Fault {
        void in(SteadyTraffic traffic) throws Exception;
    }

    private void inTraffic(Fault fault) throws Exception {
        InProcessIdempotency store = InProcessIdempotency.create();
        try (MessagingClient publishing = client(store);
                SteadyTraffic traffic = new SteadyTraffic(destination, folder)) {
            publishing.ensure(DestinationSpec.builder(destination)
                    .partitions(QUEUES)
                    .group("g")
                    .build());
            traffic.group("g", () -> client(store));
            traffic.start(publishing);
            fault.in(traffic);
            traffic.assertOneEffectEachInOrder();
        }
    }

    private MessagingClient client(InProcessIdempotency store) {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(rocket())
                .idempotency(store)
                .build();
    }

    private Rocket rocket() {
        return Rocket.at(server.nameServer()).lockExpiry(RocketRig.LOCK_EXPIRY);
    }
}
