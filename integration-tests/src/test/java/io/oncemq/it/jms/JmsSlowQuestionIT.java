package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConnectionException;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A question that the broker does not answer holds up no other one. */
class JmsSlowQuestionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int QUESTIONS = 4;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    private record Broker(TransportFactory transport, TcpProxy proxy) {}

    static Stream<Named<Broker>> brokers() {
        return Stream.of(
                Named.of("Artemis", new Broker(ArtemisRig.artemis(), ArtemisRig.proxy())),
                Named.of("Classic", new Broker(ActiveMqRig.activeMq(), ActiveMqRig.proxy())));
    }

    @AfterEach
    void end() {
        threads.shutdown();
    }

    /** Nothing that the broker was asked has an answer yet when the last question reaches it. */
    @ParameterizedTest
    @MethodSource("brokers")
    void aQuestionWithoutAnAnswerKeepsNoOtherFromBeingAsked(Broker broker) {
        TcpProxy proxy = broker.proxy();
        try (BrokerTransport transport = broker.transport().open("slow")) {
            proxy.drop();
            try {
                long before = proxy.accepted();
                List<CompletableFuture<Void>> questions = Stream.generate(
                                () -> CompletableFuture.runAsync(() -> transport.exists("anything"), threads))
                        .limit(QUESTIONS)
                        .toList();
                // One of them uses the connection that is there.
                await().atMost(PATIENCE)
                        .until(() -> proxy.accepted() >= before + QUESTIONS - 1
                                || questions.stream().anyMatch(CompletableFuture::isDone));
                assertThat(questions).noneMatch(CompletableFuture::isDone);
                assertThat(questions)
                        .allSatisfy(question -> assertThat(question)
                                .failsWithin(PATIENCE)
                                .withThrowableThat()
                                .withCauseInstanceOf(ConnectionException.class));
            } finally {
                proxy.restore();
            }
            assertThat(transport.exists("anything")).isFalse();
        }
    }
}
