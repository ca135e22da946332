package io.oncemq.it.rabbit;

import static io.oncemq.it.rabbit.PublishRig.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.Ordering;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Delay, time to live and priority, through the real engine. A server that is killed delivers again what it had not seen acknowledged. */
@NeedsRabbit
class RabbitSendOptionsIT {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Duration HOUR = Duration.ofHours(1);

    private static RabbitServer server;

    private final String destination = PublishRig.name();
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final MessagingClient client = MessagingClient.builder()
            .transport(PublishRig.rabbit(server))
            .idempotency("memory://" + destination)
            .profile(Profile.DEV)
            .eventListener(events::add)
            .build();

    /** What has no way to go when its delay is over is tried again each second, else each three minutes. */
    @BeforeAll
    static void start() {
        server = PublishRig.start();
        server.eval("application:set_env(rabbit, dead_letter_worker_publisher_confirm_timeout, 1000)");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        client.close(Duration.ofSeconds(5));
    }

    private Publisher<String> publisher(DestinationSpec spec) {
        client.ensure(spec);
        return client.publisher(destination, Codecs.string());
    }

    private static OutboundMessage<String> message(String body) {
        return OutboundMessage.of(body).id("id of " + body).header("from", "north");
    }

    @Test
    void aDelayedMessageArrivesNotBeforeItsTimeAlsoWhenTheServerIsKilledMeanwhile() {
        Publisher<String> orders = publisher(DestinationSpec.builder(destination)
                .partitions(2)
                .group("g")
                .delays(SHORT, LONG, HOUR)
                .build());
        Handled handled = Handled.of(client, destination, Ordering.PER_KEY);
        server.settle();
        orders.publish(message("in an hour").key("k").delay(HOUR)).join();
        long published = System.nanoTime();
        orders.publish(message("late").key("k").delay(LONG)).join();
        orders.publish(message("soon").key("k").delay(SHORT)).join();
        orders.publish(message("now").key("k")).join();
        await().until(() -> handled.bodies().containsAll(List.of("soon", "now")));
        server.kill();
        server.start();
        await().until(() -> handled.bodies().contains("late"));
        assertThat(handled.bodies()).containsExactlyInAnyOrder("now", "soon", "late");
        Handled.One late = handled.all.get(handled.bodies().indexOf("late"));
        Handled.One now = handled.all.get(handled.bodies().indexOf("now"));
        assertThat(Duration.ofNanos(late.at() - published)).isGreaterThan(LONG.minusMillis(20));
        assertThat(late.id()).isEqualTo("id of late");
        assertThat(late.key()).isEqualTo("k");
        assertThat(late.headers().text("from")).isEqualTo("north");
        assertThat(late.headers().names())
                .containsExactlyInAnyOrderElementsOf(now.headers().names());
        assertThat(handled.all).noneMatch(Handled.One::redelivered);
    }

    @Test
    void aDelayThatNobodyDeclaredIsRejectedAndAllElseGoesOn() {
        DestinationSpec spec = DestinationSpec.builder(destination)
                .group("g")
                .delays(SHORT, HOUR)
                .build();
        Publisher<String> orders = publisher(spec);
        orders.publish(message("first")).join();
        assertRejected(orders, message("undeclared").delay(LONG), "PT5S", "PT0.3S, PT1H", "DestinationSpec.delays");
        assertRejected(orders, message("both").delay(SHORT).timeToLive(HOUR), "time to live");
        orders.publish(message("second").delay(SHORT)).join();
        client.ensure(spec.toBuilder().delays(LONG).build());
        orders.publish(message("declared").delay(LONG)).join();
        assertThat(events).noneMatch(MessagingEvent.PublishSessionReplaced.class::isInstance);
    }

    @Test
    void aDelayThatExistsOtherwiseIsRefusedByTheNameOfItsArgument() {
        DestinationSpec spec = DestinationSpec.builder(destination).delays(HOUR).build();
        client.ensure(spec);
        client.ensure(spec);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> client.ensure(
                        spec.toBuilder().setting("x-max-length", "5").build()))
                .withMessageContaining(destination + ".delay.3600000")
                .returns("x-max-length", ConfigurationException::property);
        try (BrokerTransport transport = PublishRig.rabbit(server).open("delays-it")) {
            assertThat(transport.plan(spec).findings()).isEmpty();
            assertThat(transport
                            .plan(spec.toBuilder().setting("x-max-length", "5").build())
                            .findings())
                    .extracting(Finding::setting)
                    .containsExactly("x-max-length");
        }
    }

    /** The first was published under a routing key that is bound no more, the second by a publisher that does not know yet. */
    @Test
    void aChangedNumberOfShardsLosesNothingThatWaits() {
        Publisher<String> orders = publisher(
                DestinationSpec.builder(destination).group("g").delays(SHORT).build());
        Handled handled = Handled.of(client, destination, Ordering.PER_KEY);
        Map<String, Object> quorum = Map.of("x-queue-type", "quorum");
        raw(server, channel -> channel.queueDeclare(destination + ".g.1", true, false, false, quorum));
        bind("0/2");
        unbind(destination, "0/1");
        orders.publish(message("waits").delay(SHORT)).join();
        raw(server, channel -> channel.exchangeDeclare(destination + ".shard.1", "direct", true));
        String delay = destination + ".delay." + SHORT.toMillis();
        raw(server, channel -> channel.queueBind(delay, delay, "0/2"));
        raw(server, channel -> channel.queueBind(delay, delay, "1/2"));
        unbind(delay, "0/1");
        bind("1/2");
        orders.publish(message("comes back").delay(SHORT)).join();
        await().until(() -> handled.bodies().contains("comes back"));
        assertThat(handled.bodies()).containsExactly("comes back");
        bind("0/1");
        await().until(() -> handled.bodies().contains("waits"));
    }

    private void bind(String routingKey) {
        raw(server, channel -> channel.queueBind(destination + ".g.0", destination, routingKey));
    }

    private void unbind(String exchange, String routingKey) {
        String queue = exchange.equals(destination) ? destination + ".g.0" : exchange;
        raw(server, channel -> channel.queueUnbind(queue, exchange, routingKey));
    }

    @Test
    void whatExpiredLiesAmongTheDeadLettersOfEachGroupAndIsNotDelivered() {
        Publisher<String> orders = publisher(
                DestinationSpec.builder(destination).group("g").group("h").build());
        IntStream.range(0, 30)
                .mapToObj(
                        n -> orders.publish(message("mayfly-" + n).key("k-" + n).timeToLive(SHORT)))
                .toList()
                .forEach(each -> each.join());
        orders.publish(message("stays")).join();
        orders.publish(message("behind").timeToLive(SHORT)).join();
        long over = System.nanoTime() + SHORT.toNanos();
        Handled dead = Handled.of(client, destination + ".g.dlq", Ordering.PER_KEY);
        await().until(() -> dead.all.size() >= 30 && System.nanoTime() > over);
        Handled handled = Handled.of(client, destination, Ordering.PER_KEY);
        await().until(() -> dead.bodies().contains("behind"));
        await().until(() -> !handled.bodies().isEmpty());
        assertThat(handled.bodies()).containsOnly("stays");
        assertThat(dead.bodies()).hasSize(31).doesNotHaveDuplicates();
        assertThat(dead.all).allSatisfy(one -> {
            assertThat(one.id()).isEqualTo("id of " + one.body());
            assertThat(one.key())
                    .isEqualTo(one.body()
                            .replace("mayfly", "k")
                            .replace("behind", "null")
                            .transform(key -> key.equals("null") ? null : key));
            assertThat(one.headers().text("oncemq-dead-letter-reason")).isEqualTo("expired");
            assertThat(one.headers().text("oncemq-dead-letter-destination")).isEqualTo(destination);
            assertThat(one.headers().text("oncemq-dead-letter-group")).isEqualTo("g");
        });
        String others = destination + ".h.dlq.h.0";
        await().until(() ->
                raw(server, channel -> channel.queueDeclarePassive(others)).getMessageCount() >= 30);
        assertThat(PublishRig.drain(server, others)).hasSize(30);
    }

    /** The server gives two of high priority for one of the others. */
    @Test
    void priorityOvertakesWhereMessagesHaveNoKey() {
        Object version = raw(
                server, channel -> channel.getConnection().getServerProperties().get("version"));
        assumeTrue(!String.valueOf(version).startsWith("3."), "quorum queues have priorities since 4.0");
        Publisher<String> orders = publisher(DestinationSpec.builder(destination)
                .group("g", Ordering.UNORDERED)
                .build());
        List<OutboundMessage<String>> normal =
                IntStream.range(0, 40).mapToObj(n -> message("normal-" + n)).toList();
        List<OutboundMessage<String>> high = IntStream.range(0, 10)
                .mapToObj(n -> message("high-" + n).priority(9))
                .toList();
        Stream.of(normal, high).forEach(each -> orders.publishAll(each).forEach(outcome -> outcome.join()));
        Handled handled = Handled.of(client, destination, Ordering.UNORDERED);
        await().until(() -> handled.all.size() == 50);
        assertThat(handled.bodies().subList(20, 50)).noneMatch(body -> body.startsWith("high"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> orders.publish(message("keyed").key("k").priority(9)))
                .withMessageContaining("key");
    }

    private static void assertRejected(Publisher<String> publisher, OutboundMessage<String> message, String... says) {
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> publisher.publish(message).join())
                .havingCause()
                .isInstanceOf(PublishRejectedException.class)
                .satisfies(cause ->
                        assertThat(((PublishRejectedException) cause).reason()).isEqualTo(Reason.REFUSED))
                .satisfies(cause -> assertThat(cause.getMessage()).contains(says));
    }
}
