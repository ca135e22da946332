package io.oncemq.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.oncemq.AuthenticationException;
import io.oncemq.ClientClosedException;
import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.MessagingException;
import io.oncemq.OutboundMessage;
import io.oncemq.PreflightException;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.Startup;
import io.oncemq.core.publish.EngineBacked;
import io.oncemq.spi.BrokerTransport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that connects in the background. */
@Timeout(120)
class LateClientTest {
    private final ReportingBroker broker = new ReportingBroker();
    private final Queue<MessagingException> refusals = new ArrayDeque<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answers = new CountDownLatch(1);
    private final List<String> prepared = new CopyOnWriteArrayList<>();

    /** The server, which answers when the test lets it. */
    private BrokerTransport open(String clientId) {
        asked.countDown();
        try {
            assertThat(answers.await(100, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        MessagingException refusal = refusals.poll();
        if (refusal != null) {
            throw refusal;
        }
        return broker;
    }

    private MessagingClientBuilder builder() {
        return MessagingClient.builder()
                .transport(this::open)
                .withoutIdempotency()
                .profile(Profile.DEV)
                .startup(Startup.BACKGROUND);
    }

    @Test
    void itIsTriedAgainUntilTheServerAnswersAndPreparedFirst() {
        refusals.add(new ConnectionException("no answer"));
        refusals.add(new AuthenticationException("not yet"));
        try (MessagingClient client = builder()
                .prepare(connected -> connected.ensure(DestinationSpec.of("orders")))
                .prepare(connected -> prepared.add(connected.capabilities().system()))
                .build()) {
            assertThatThrownBy(client::pingBroker).isInstanceOf(ConnectionException.class);
            assertThatThrownBy(() -> client.subscription("orders", Codecs.string()))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("not connected yet");
            assertThat(client.connected()).isNotDone();
            answers.countDown();
            client.connected().join();
            assertThat(broker.created).extracting(DestinationSpec::name).contains("orders");
            assertThat(prepared).containsExactly(client.capabilities().system());
        }
        assertThat(broker.closed).isTrue();
    }

    @Test
    void whatIsRefusedEndsTheStartByNameAndNotTheProcess() {
        broker.shared = List.of(Finding.violation("broker", "copies", "1", "must be 3", "Set copies=3"));
        answers.countDown();
        try (MessagingClient client = builder().profile(Profile.DURABLE).build()) {
            Throwable failure = catchThrowable(() -> client.connected().join());
            assertThat(failure).isInstanceOf(CompletionException.class).hasCauseInstanceOf(PreflightException.class);
            assertThatThrownBy(client::pingBroker)
                    .isInstanceOf(PreflightException.class)
                    .hasMessageContaining("copies");
            assertThatThrownBy(() -> client.publisher("orders", Codecs.string()))
                    .isInstanceOf(PreflightException.class);
        }
    }

    @Test
    void aPublishWaitsForTheConnectionToItsDeadlineAndIsNotAttempted() {
        try (MessagingClient client = builder().build()) {
            Publisher<String> publisher = client.publisher(
                    "orders",
                    Codecs.string(),
                    PublisherOptions.builder().deadline(Duration.ofMillis(100)).build());
            List<CompletableFuture<Receipt>> outcomes = publisher.publishAll(List.of(
                    OutboundMessage.of("a").id("1"), OutboundMessage.of("b").id("2")));
            assertThat(outcomes)
                    .hasSize(2)
                    .allSatisfy(outcome -> assertThat(catchThrowable(outcome::join))
                            .hasCauseInstanceOf(PublishRejectedException.class)
                            .hasMessageContaining("NOT_ATTEMPTED"));
            assertThat(publisher.republish(outcomes)).isEqualTo(outcomes);
            publisher.close(Duration.ofSeconds(1));
            assertThatThrownBy(() -> publisher.publish(OutboundMessage.of("c")))
                    .isInstanceOf(ClientClosedException.class);
            answers.countDown();
        }
    }

    /** A handler may publish with it: Delivery.publishOnSuccess needs the engine's publisher. */
    @Test
    void aPublisherThatWasMadeEarlyIsTheEnginesOnceItIsConnected() {
        try (MessagingClient client = builder().build()) {
            Publisher<String> early = client.publisher("orders", Codecs.string());
            answers.countDown();
            client.connected().join();
            assertThat(((EngineBacked<String>) early).engine().destination()).isEqualTo("orders");
        }
    }

    @Test
    void aPublisherThatIsClosedWhileAPublishWaitsPublishesNothing() throws Exception {
        try (MessagingClient client = builder().build()) {
            Publisher<String> early = client.publisher("orders", Codecs.string());
            Thread[] waiting = new Thread[1];
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            waiting[0] =
                    new Thread(() -> thrown.complete(catchThrowable(() -> early.publish(OutboundMessage.of("a")))));
            waiting[0].start();
            await().until(() -> waiting[0].getState() == Thread.State.TIMED_WAITING);
            early.close();
            answers.countDown();
            assertThat(thrown.get(60, TimeUnit.SECONDS)).isInstanceOf(ClientClosedException.class);
        }
    }

    @Test
    void aClientThatIsClosedMeanwhileLeavesNothingOpen() throws InterruptedException {
        MessagingClient client = builder().build();
        CompletableFuture<Void> connected = client.connected();
        asked.await();
        client.close();
        assertThat(catchThrowable(connected::join)).hasCauseInstanceOf(ClientClosedException.class);
        assertThatThrownBy(client::pingBroker).isInstanceOf(ClientClosedException.class);
        answers.countDown();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("oncemq-startup-")) {
                thread.join(60_000);
            }
        }
        assertThat(broker.closed).isTrue();
    }

    @Test
    void aPreparationThatFailsClosesARequiredClient() {
        answers.countDown();
        ConfigurationException refusal = new ConfigurationException("a", 1, "is wrong", "Correct it");
        assertThatThrownBy(() -> builder()
                        .startup(Startup.REQUIRED)
                        .prepare(client -> {
                            throw refusal;
                        })
                        .build())
                .isSameAs(refusal);
        assertThat(broker.closed).isTrue();
    }
}
