package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.Delivery;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.it.kit.RawActiveMq;
import io.oncemq.jms.ActiveMq;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.transport.RawMessage;
import io.oncemq.testkit.server.ActiveMqServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A1, A4 on Classic: what breaks while messages are published and handled, through the real engine. */
class ActiveMqFaultsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int KEYS = 5;
    private static final int MANY_KEYS = 5_000;

    private final ActiveMqServer server = ActiveMqRig.server();
    private final RawActiveMq raw = ActiveMqRig.raw();
    private final List<MessagingClient> clients = new ArrayList<>();
    private final Map<String, List<Integer>> handled = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    private TcpProxy proxy;
    private String destination;
    private Publisher<String> publisher;

    @BeforeEach
    void open() {
        proxy = TcpProxy.to(server.port());
        MessagingClient client = client();
        destination = "faults.classic-" + System.nanoTime();
        client.ensure(
                DestinationSpec.builder(destination).partitions(8).group("g").build());
        publisher = client.publisher(
                destination,
                Codecs.string(),
                PublisherOptions.builder().deadline(PATIENCE).build());
    }

    @AfterEach
    void close() {
        proxy.restore();
        clients.forEach(client -> client.close(Duration.ofSeconds(20)));
        proxy.close();
    }

    @Test
    void losesNothingWhenTheBrokerIsKilledMidSend() {
        raw.spyOn(destination);
        publish(0, 300, KEYS);
        receipts.get(0).join();
        server.kill();
        publish(300, 400, KEYS);
        server.start();
        publish(400, 500, KEYS);
        assertAllStoredInOrder(KEYS);
    }

    @Test
    void sendsWhatIsUnconfirmedAgainInOrderWithTheSameIds() {
        raw.spyOn(destination);
        publish(0, 20, KEYS);
        for (int round = 0; round < 6; round++) {
            receipts.forEach(CompletableFuture::join);
            proxy.swallowReplies();
            long swallowed = proxy.swallowedBytes();
            publish(20 + 40 * round, 60 + 40 * round, KEYS);
            await().atMost(PATIENCE).until(() -> proxy.swallowedBytes() > swallowed);
            // In this order, so that a new connection gets an answer.
            proxy.restore();
            proxy.reset();
        }
        assertAllStoredInOrder(KEYS);
    }

    @Test
    void losesNothingWhenTheBrokerIsKilledMidConsume() {
        publish(0, 1_000, KEYS);
        receipts.forEach(CompletableFuture::join);
        consume("only", client());
        await().atMost(PATIENCE).until(() -> handledBy("only") > 100);
        server.kill();
        server.start();
        awaitHandled(1_000);
        assertHandledInOrder();
    }

    /** A shard stays with the consumer that has it, so members that come later would get none (A4). */
    @Test
    @Tag("slow")
    void fiveThousandKeysKeepTheirOrderWhileMembersComeAndGo() {
        MessagingClient first = client();
        consume("first", first);
        publish(0, MANY_KEYS, MANY_KEYS);
        await().atMost(PATIENCE).until(() -> handledBy("first") > MANY_KEYS / 2);
        consume("second", client());
        int[] next = {MANY_KEYS};
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
            publish(next[0], next[0] + 500, MANY_KEYS);
            next[0] += 500;
            return handledBy("second") > 0;
        });
        first.close(Duration.ofSeconds(30));
        publish(next[0], next[0] + MANY_KEYS, MANY_KEYS);
        awaitHandled(next[0] + MANY_KEYS);
        assertHandledInOrder();
    }

    private MessagingClient client() {
        MessagingClient client = MessagingClient.builder()
                .transport(ActiveMq.at("127.0.0.1:" + proxy.port()))
                .withoutIdempotency()
                .profile(Profile.DEV)
                .build();
        clients.add(client);
        return client;
    }

    private void publish(int from, int to, int keys) {
        for (int number = from; number < to; number++) {
            receipts.add(publisher.publish(OutboundMessage.of(Integer.toString(number))
                    .id("id-" + number)
                    .key("key-" + number % keys)));
        }
    }

    private void consume(String member, MessagingClient client) {
        client.subscription(destination, Codecs.string())
                .group("g")
                .handler(delivery -> handle(member, delivery))
                .start();
    }

    private void handle(String member, Delivery<String> delivery) {
        handled.computeIfAbsent(delivery.key(), key -> Collections.synchronizedList(new ArrayList<>()))
                .add(Integer.valueOf(delivery.body()));
        counts.computeIfAbsent(member, name -> new AtomicInteger()).incrementAndGet();
    }

    private int handledBy(String member) {
        AtomicInteger count = counts.get(member);
        return count == null ? 0 : count.get();
    }

    private void awaitHandled(int different) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(handled.values().stream()
                                .mapToInt(numbers -> new LinkedHashSet<>(List.copyOf(numbers)).size())
                                .sum())
                        .isEqualTo(different));
    }

    /** The first time that each was handled; without a store some may be handled again. */
    private void assertHandledInOrder() {
        assertThat(handled.values())
                .allSatisfy(numbers -> assertThat(List.copyOf(new LinkedHashSet<>(List.copyOf(numbers))))
                        .isSorted());
    }

    /** The first copy of each stands in order. */
    private void assertAllStoredInOrder(int keys) {
        receipts.forEach(CompletableFuture::join);
        Map<Integer, Set<Integer>> byKey = new LinkedHashMap<>();
        Set<Integer> all = new LinkedHashSet<>();
        for (RawMessage message : raw.read(destination)) {
            int number = Integer.parseInt(message.text());
            all.add(number);
            byKey.computeIfAbsent(number % keys, key -> new LinkedHashSet<>()).add(number);
        }
        assertThat(all).hasSize(receipts.size());
        assertThat(byKey.values())
                .allSatisfy(stored -> assertThat(List.copyOf(stored)).isSorted());
    }
}
