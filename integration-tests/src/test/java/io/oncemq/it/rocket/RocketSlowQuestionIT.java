package io.oncemq.it.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.DestinationSpec;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A question that a broker does not answer holds up no other question. */
class RocketSlowQuestionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int QUESTIONS = 8;

    @Test
    void aBacklogWithoutAnAnswerHoldsUpNeitherHealthNorOtherQuestions() {
        RocketServer server = RocketRig.server();
        String destination = RocketRig.name();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (BrokerTransport transport = Rocket.at(server.nameServer()).open("slow")) {
            transport.ensure(DestinationSpec.builder(destination)
                    .partitions(4)
                    .group("g")
                    .build());
            assertThat(transport.backlog(destination, "g")).hasSize(4);
            server.pauseBroker(1);
            try {
                List<CompletableFuture<?>> backlogs = Stream.<CompletableFuture<?>>generate(
                                () -> CompletableFuture.runAsync(() -> transport.backlog(destination, "g"), threads))
                        .limit(QUESTIONS)
                        .toList();
                long since = System.nanoTime();
                transport.ping();
                assertThat(transport.exists(destination)).isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(3));
                assertThat(backlogs).noneMatch(CompletableFuture::isDone);
                backlogs.forEach(each -> assertThat(each).failsWithin(PATIENCE));
            } finally {
                server.resumeBroker(1);
            }
            assertThat(transport.backlog(destination, "g")).hasSize(4);
        } finally {
            threads.shutdown();
        }
    }
}
