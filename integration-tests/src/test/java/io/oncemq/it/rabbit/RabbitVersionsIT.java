package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import io.oncemq.RetryPolicy;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The main ways of a message on each version at hand beside the usual one, on which all tests run. */
@NeedsRabbit(asProcess = true)
class RabbitVersionsIT {
    private static final String ORDERS = "orders";
    private static final int KEYS = 8;
    private static final int ROUND = 200;
    private static final int INVALID = ROUND + 77;

    /** An error that no attempt will fix. */
    private static final class InvalidOrder extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final InProcessIdempotency store = InProcessIdempotency.create();
    private final Set<Integer> first = Collections.synchronizedSet(new LinkedHashSet<>());
    private final Set<Integer> second = Collections.synchronizedSet(new LinkedHashSet<>());
    private final Set<Integer> dead = Collections.synchronizedSet(new LinkedHashSet<>());
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    static Stream<Path> homes() {
        return RabbitServer.homes().stream().skip(1);
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("homes")
    void anotherMemberGoesOnInOrderAndDeadLettersAreRead(Path home) {
        RabbitServer server = RabbitServer.builder().home(home).build();
        open.push(server);
        server.start();
        TcpProxy proxy = TcpProxy.to(server.port());
        open.push(proxy);
        MessagingClient dying = client(server, proxy.port());
        MessagingClient living = client(server, server.port());
        String deadLetters = DestinationSpec.deadLetterName(ORDERS, "billing");
        living.ensure(DestinationSpec.builder(deadLetters).group("billing").build());
        living.ensure(
                DestinationSpec.builder(ORDERS).partitions(2).group("billing").build());
        Publisher<String> orders = living.publisher(ORDERS, Codecs.string());
        consume(dying, first);
        publish(orders, 0);
        await().until(() -> first.size() == ROUND);
        consume(living, second);
        proxy.refuse();
        proxy.reset();
        publish(orders, ROUND);
        await().until(() -> second.size() == ROUND - 1);
        living.subscription(deadLetters, Codecs.string())
                .group("billing")
                .handler(delivery -> dead.add(Integer.valueOf(String.valueOf(delivery.body()))))
                .start();
        await().until(() -> dead.contains(INVALID));
        assertThat(second).allMatch(number -> number >= ROUND);
        for (int key = 0; key < KEYS; key++) {
            assertThat(ofKey(second, key)).isSorted();
        }
        assertThat(dead).containsExactly(INVALID);
        proxy.restore();
    }

    private MessagingClient client(RabbitServer server, int port) {
        MessagingClient client = MessagingClient.builder()
                .transport(PublishRig.rabbit(server, "127.0.0.1:" + port))
                .idempotency(store)
                .profile(Profile.DEV)
                .build();
        open.push(client);
        return client;
    }

    private static void consume(MessagingClient client, Set<Integer> handled) {
        client.subscription(ORDERS, Codecs.string())
                .group("billing")
                .retry(RetryPolicy.builder().deadLetterOn(InvalidOrder.class).build())
                .handler(delivery -> {
                    int number = Integer.parseInt(String.valueOf(delivery.body()));
                    if (number == INVALID) {
                        throw new InvalidOrder();
                    }
                    handled.add(number);
                })
                .start();
    }

    private static void publish(Publisher<String> publisher, int from) {
        List<CompletableFuture<Receipt>> receipts = numbers(from, from + ROUND).stream()
                .map(number -> publisher.publish(OutboundMessage.of(String.valueOf(number))
                        .id("id-" + number)
                        .key("key-" + number % KEYS)))
                .toList();
        receipts.forEach(CompletableFuture::join);
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static List<Integer> ofKey(Set<Integer> handled, int key) {
        return List.copyOf(handled).stream()
                .filter(number -> number % KEYS == key)
                .toList();
    }
}
