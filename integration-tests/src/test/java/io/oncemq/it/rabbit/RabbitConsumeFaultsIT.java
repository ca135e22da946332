package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.MessagingEvent.SourceResumed;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.SourceSpec;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.NeedsRabbit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A source survives what breaks between it and the broker, and tells what it cannot survive. */
@NeedsRabbit
class RabbitConsumeFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KILLS = 25;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void goesOnAfterTheServerWasKilledAndStartedAgain() {
        String destination = SharedRabbit.destination(2);
        Received received = Received.settling(text -> Integer.parseInt(text) < 500);
        start(SharedRabbit.rabbit(), SharedRabbit.spec(destination), received);
        SharedRabbit.raw().publish(destination, 0, 2, SharedRabbit.numbers(0, 1_000));
        await().atMost(PATIENCE).until(() -> received.texts.size() == 1_000);
        SharedRabbit.server().kill();
        await().atMost(PATIENCE).until(() -> received.lost.size() == 1);
        SharedRabbit.server().start();
        await().atMost(PATIENCE).until(() -> received.assigned.size() == 2);
        await().atMost(PATIENCE).until(() -> received.seen().lastIndexOf("999") > 999);
        List<String> again = received.seen().subList(1_000, received.texts.size());
        assertThat(again).endsWith("999").hasSizeBetween(500, 1_000);
        assertThat(again).isEqualTo(SharedRabbit.texts(1_000 - again.size(), 1_000));
        assertThat(received.failure).isNull();
    }

    @Test
    void goesOnWhileTheServerClosesConnectionAfterConnection() {
        String destination = SharedRabbit.destination(1);
        Received received = Received.settlingAll();
        start(SharedRabbit.rabbit(), SharedRabbit.spec(destination), received);
        for (int round = 0; round < 5; round++) {
            int from = round * 200;
            SharedRabbit.raw().publish(destination, 0, 1, SharedRabbit.numbers(from, from + 200));
            await().atMost(PATIENCE).until(() -> received.seen().contains(Integer.toString(from + 100)));
            SharedRabbit.server().closeConnections();
        }
        await().atMost(PATIENCE).until(() -> received.seen().contains("999"));
        assertThat(received.seen().stream().distinct().toList()).isEqualTo(SharedRabbit.texts(0, 1_000));
        assertThat(received.failure).isNull();
    }

    /** Prefetched messages that were not handled are charged at each crash (Q9), on the queues that the adapter itself declares. */
    @Test
    void messagesOfAConsumerThatIsKilledTwentyFiveTimesAreKept() {
        String destination = SharedRabbit.ensured();
        TcpProxy proxy = TcpProxy.to(SharedRabbit.server().port());
        open.push(proxy);
        Received dying = Received.settlingNothing();
        MessageSource source = start(SharedRabbit.at(proxy.port()), SharedRabbit.spec(destination), dying);
        SharedRabbit.raw().publish(destination, 0, 1, SharedRabbit.numbers(0, 10));
        for (int kill = 1; kill <= KILLS; kill++) {
            int deliveries = kill;
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> dying.assigned.size() >= deliveries && dying.texts.size() >= 10 * deliveries);
            proxy.reset();
        }
        await().atMost(PATIENCE).until(() -> dying.lost.size() >= KILLS);
        source.close(Duration.ofSeconds(5));
        Received healthy = Received.settlingAll();
        start(SharedRabbit.rabbit(), SharedRabbit.spec(destination), healthy);
        await().atMost(PATIENCE).until(() -> healthy.texts.size() >= 10);
        assertThat(healthy.seen()).isEqualTo(SharedRabbit.texts(0, 10));
        String dead = DestinationSpec.deadLetterName(destination, "g");
        assertThat(SharedRabbit.raw().ready(SharedRabbit.queue(dead, 0))).isZero();
    }

    /** As a mesh or a load balancer does while its broker restarts. */
    @Test
    void goesOnBehindAProxyThatAcceptsAndClosesForAWhile() {
        keepsTrying(TcpProxy::acceptAndClose);
    }

    @Test
    void goesOnBehindAProxyThatAnswersInHttpForAWhile() {
        keepsTrying(TcpProxy::answerHttp);
    }

    private void keepsTrying(Consumer<TcpProxy> trouble) {
        String destination = SharedRabbit.destination(1);
        TcpProxy proxy = TcpProxy.to(SharedRabbit.server().port());
        open.push(proxy);
        Received received = Received.settlingAll();
        start(SharedRabbit.at(proxy.port()), SharedRabbit.spec(destination), received);
        SharedRabbit.raw().publish(destination, 0, 1, SharedRabbit.numbers(0, 1));
        await().atMost(PATIENCE).until(() -> received.seen().contains("0"));
        trouble.accept(proxy);
        proxy.reset();
        long accepted = proxy.accepted();
        await().atMost(PATIENCE).until(() -> received.events.stream().anyMatch(SourceInterrupted.class::isInstance));
        await().atMost(PATIENCE).until(() -> proxy.accepted() >= accepted + 5);
        assertThat(received.failure).isNull();
        proxy.restore();
        SharedRabbit.raw().publish(destination, 0, 1, SharedRabbit.numbers(1, 2));
        await().atMost(PATIENCE).until(() -> received.seen().contains("1"));
        await().atMost(PATIENCE).until(() -> received.events.stream().anyMatch(SourceResumed.class::isInstance));
        assertThat(received.failure).isNull();
    }

    @Test
    void aQueueThatIsDeletedStopsTheSourceWithAnEvent() {
        String destination = SharedRabbit.destination(2);
        Received received = Received.settlingAll();
        start(SharedRabbit.rabbit(), SharedRabbit.spec(destination), received);
        SharedRabbit.raw().publish(destination, 1, 2, SharedRabbit.numbers(0, 1));
        await().atMost(PATIENCE).until(() -> received.owned.size() == 1);
        SharedRabbit.raw().deleteQueue(SharedRabbit.queue(destination, 1));
        await().atMost(PATIENCE).until(() -> received.failure != null);
        assertThat(received.lost).hasSize(1);
        assertThat(received.failure).hasMessageContaining(SharedRabbit.queue(destination, 1));
        assertThat(received.events)
                .singleElement()
                .isInstanceOfSatisfying(
                        PositionsLost.class,
                        lost -> assertThat(lost.partition()).isEqualTo(SharedRabbit.queue(destination, 1)));
    }

    @Test
    void aQueueThatIsDeletedAndEnsuredAnewIsReadOnWhereThatIsWanted() {
        String destination = SharedRabbit.destination(1);
        Received received = Received.settlingAll();
        start(
                SharedRabbit.rabbit(),
                SharedRabbit.spec(destination, LostPositions.EARLIEST, Duration.ofSeconds(1)),
                received);
        SharedRabbit.raw().publish(destination, 0, 1, SharedRabbit.numbers(0, 1));
        await().atMost(PATIENCE).until(() -> received.owned.size() == 1);
        SharedRabbit.raw().deleteQueue(SharedRabbit.queue(destination, 0));
        await().atMost(PATIENCE).until(() -> !received.events.isEmpty());
        SharedRabbit.raw().layout(destination, 1, "g");
        SharedRabbit.raw().publish(destination, 0, 1, SharedRabbit.numbers(1, 2));
        await().atMost(PATIENCE).until(() -> received.seen().contains("1"));
        assertThat(received.events).filteredOn(PositionsLost.class::isInstance).hasSize(1);
        assertThat(received.failure).isNull();
    }

    @Test
    void aDestinationThatDoesNotExistIsRefused() {
        Received received = Received.settlingAll();
        start(SharedRabbit.rabbit(), SharedRabbit.spec("it-never-made"), received);
        await().atMost(PATIENCE).until(() -> received.failure != null);
        assertThat(received.failure)
                .asInstanceOf(type(ConfigurationException.class))
                .returns("group", ConfigurationException::property);
    }

    /** The server looks every second and takes away after 20 seconds; the source must be earlier, again and again (Q7). */
    @Test
    void aShardIsGivenBackBeforeTheServersConsumerTimeout() {
        String destination = SharedRabbit.destination(1);
        SharedRabbit.server().eval("application:set_env(rabbit, channel_tick_interval, 500)");
        SharedRabbit.server().eval("application:set_env(rabbit, consumer_timeout, 20000)");
        try {
            Received received = Received.settlingNothing();
            Rabbit rabbit = SharedRabbit.rabbit().consumerTimeout(Duration.ofSeconds(20));
            MessageSource source = start(rabbit, SharedRabbit.spec(destination), received);
            SharedRabbit.raw().publish(destination, 0, 1, SharedRabbit.numbers(0, 3));
            await().atMost(PATIENCE.multipliedBy(3)).until(() -> received.assigned.size() >= 4);
            assertThat(received.lost).isEmpty();
            assertThat(received.revoked).hasSizeGreaterThanOrEqualTo(3);
            assertThat(received.seen()).startsWith("0", "1", "2", "0", "1", "2");
            source.close(Duration.ofSeconds(5));
        } finally {
            SharedRabbit.server().eval("application:set_env(rabbit, consumer_timeout, 1800000)");
            SharedRabbit.server().eval("application:set_env(rabbit, channel_tick_interval, 60000)");
        }
    }

    @Test
    void aHandlerTimeoutThatTheConsumerTimeoutDoesNotAllowIsRefusedByName() {
        try (BrokerTransport transport = SharedRabbit.rabbit().open("refused")) {
            SourceSpec spec = SharedRabbit.spec("any", LostPositions.STOP, Duration.ofMinutes(15));
            assertThatThrownBy(() -> transport.openSource(spec, Received.settlingAll()))
                    .asInstanceOf(type(ConfigurationException.class))
                    .returns("handlerTimeout", ConfigurationException::property)
                    .satisfies(refusal -> assertThat(refusal.remedy()).contains("consumer_timeout"));
        }
    }

    private MessageSource start(Rabbit rabbit, SourceSpec spec, Received listener) {
        BrokerTransport transport = rabbit.open("faults");
        open.push(transport);
        MessageSource source = transport.openSource(spec, listener);
        open.push(source);
        listener.of(source);
        source.start();
        return source;
    }
}
