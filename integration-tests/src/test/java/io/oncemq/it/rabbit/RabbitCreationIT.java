package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Clients that create the same destination at the same time. */
@NeedsRabbit
class RabbitCreationIT {
    private static final int FEW = 2;
    private static final int MANY = 7;

    private final RabbitServer server = PublishRig.server();
    private final String name = PublishRig.name();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BrokerTransport one = PublishRig.rabbit(server).open("one");
    private final BrokerTransport other = PublishRig.rabbit(server).open("other");

    @AfterEach
    void close() {
        one.close();
        other.close();
        threads.shutdown();
    }

    @RepeatedTest(20)
    void oneOfTwoNumbersOfShardsIsCreatedAndTheOtherIsRefused() {
        CyclicBarrier start = new CyclicBarrier(2);
        List<CompletableFuture<Integer>> asked = List.of(ensure(one, FEW, start), ensure(other, MANY, start));
        List<Integer> created =
                asked.stream().flatMap(RabbitCreationIT::created).toList();
        assertThat(created).hasSize(1);
        assertThat(markers())
                .containsExactlyElementsOf(
                        IntStream.range(0, created.get(0)).boxed().toList());
        one.ensure(DestinationSpec.builder(name)
                .partitions(created.get(0))
                .group("g")
                .build());
    }

    private CompletableFuture<Integer> ensure(BrokerTransport transport, int shards, CyclicBarrier start) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        start.await(60, TimeUnit.SECONDS);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    transport.ensure(DestinationSpec.builder(name)
                            .partitions(shards)
                            .group("g")
                            .build());
                    return shards;
                },
                threads);
    }

    private static Stream<Integer> created(CompletableFuture<Integer> asked) {
        try {
            return Stream.of(asked.join());
        } catch (CompletionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            ConfigurationException.class,
                            refused -> assertThat(refused.property()).isEqualTo("DestinationSpec.partitions"));
            return Stream.empty();
        }
    }

    private List<Integer> markers() {
        return IntStream.range(0, 2 * MANY)
                .filter(shard -> exists(name + ".shard." + shard))
                .boxed()
                .toList();
    }

    private boolean exists(String exchange) {
        return PublishRig.raw(server, channel -> {
            try {
                return channel.exchangeDeclarePassive(exchange) != null;
            } catch (IOException missing) {
                return false;
            }
        });
    }

    @Test
    void theLockOfAClientThatDiesIsFree() throws Exception {
        Connection dying = locked();
        CompletableFuture<Void> created = CompletableFuture.runAsync(
                () -> one.ensure(DestinationSpec.builder(name).partitions(FEW).build()), threads);
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(10)).until(() -> !created.isDone());
        assertThat(other.exists(name)).isFalse();
        dying.abort();
        created.get(60, TimeUnit.SECONDS);
        assertThat(markers()).hasSize(FEW);
    }

    @Test
    void aLockThatStaysIsReportedAndNothingIsCreated() throws Exception {
        try (Connection living = locked()) {
            assertThat(living.isOpen()).isTrue();
            assertThatExceptionOfType(ConnectionException.class)
                    .isThrownBy(() -> one.ensure(
                            DestinationSpec.builder(name).partitions(FEW).build()))
                    .withMessageContaining(name + ".lock")
                    .withMessageContaining("another client is creating it");
        }
        assertThat(markers()).isEmpty();
    }

    private Connection locked() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(server.uri());
        Connection connection = factory.newConnection("another creator");
        connection.createChannel().queueDeclare(name + ".lock", false, true, false, Map.of());
        return connection;
    }
}
