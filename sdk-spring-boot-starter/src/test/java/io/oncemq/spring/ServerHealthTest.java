package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConnectionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class ServerHealthTest {
    private final AtomicInteger questions = new AtomicInteger();
    private final CountDownLatch answer = new CountDownLatch(1);

    private void ask() {
        questions.incrementAndGet();
        try {
            answer.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aServerThatHangsIsAskedOnceHoweverOftenAProbeComes() {
        ServerHealth health =
                new ServerHealth(() -> "broker", () -> true, StartupHealth.DOWN, this::ask, Duration.ofMillis(10));
        for (int probe = 0; probe < 3; probe++) {
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.health().getDetails()).containsEntry("error", "no answer within PT0.01S");
        }
        assertThat(questions).hasValueLessThanOrEqualTo(1);
        answer.countDown();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.UP));
    }

    @Test
    void aClientThatIsNotConnectedYetHasTheConfiguredStatusAndTheReason() {
        for (StartupHealth configured : StartupHealth.values()) {
            ServerHealth health = new ServerHealth(
                    () -> "broker",
                    () -> false,
                    configured,
                    () -> {
                        throw new ConnectionException("not connected yet");
                    },
                    Duration.ofSeconds(60));
            assertThat(health.health().getStatus()).isEqualTo(new Status(configured.name()));
            assertThat(health.health().getDetails()).containsEntry("error", "not connected yet");
        }
    }
}
