package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.AuthenticationException;
import io.oncemq.ConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DispatchTest {
    private final Deque<Map<String, String>> answers = new ArrayDeque<>();
    private final Dispatch dispatch =
            new Dispatch(broker -> answers.size() > 1 ? answers.remove() : answers.element(), Duration.ofNanos(1));

    @Test
    void waitsForWhatTheLogHeldAtTheCallThoughMoreComes() {
        answers.addAll(List.of(info(1_000, 300), info(1_200, 201), info(1_500, 500), info(9_000, 9_000), info(1, 1)));
        dispatch.await("broker");
        assertThat(answers.element()).isEqualTo(info(9_000, 9_000));
    }

    @Test
    void asksOnceWhereNothingIsBehind() {
        answers.addAll(List.of(info(1_000, 0), info(2_000, 2_000)));
        dispatch.await("broker");
        assertThat(answers).hasSize(1);
    }

    @Test
    void givesUpOnABrokerThatDoesNotMove() {
        answers.add(info(1_000, 1));
        assertThatExceptionOfType(ConnectionException.class).isThrownBy(() -> dispatch.await("broker"));
    }

    @Test
    void doesNotWaitForWhatTheUserMayNotKnow() {
        new Dispatch(
                        broker -> {
                            throw new AuthenticationException("credentials", "***", "no", "ask", null);
                        },
                        Duration.ofNanos(1))
                .await("broker");
    }

    private static Map<String, String> info(long log, long behind) {
        return Map.of("commitLogMaxOffset", Long.toString(log), "dispatchBehindBytes", Long.toString(behind));
    }
}
