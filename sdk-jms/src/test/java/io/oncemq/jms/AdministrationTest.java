package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdministrationTest {
    private final List<FakeDesk> opened = new CopyOnWriteArrayList<>();
    private final Administration<FakeDesk> administration =
            new Administration<>(this::desk, (doing, error) -> (MessagingException) error);

    private FakeDesk desk() {
        FakeDesk desk = new FakeDesk();
        opened.add(desk);
        return desk;
    }

    @Test
    void aQuestionThatWaitsKeepsNoOtherWaitingAndACloseEndsIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<String> stuck = CompletableFuture.supplyAsync(() -> administration.ask("waiting", desk -> {
            asked.countDown();
            opened.get(0).closed.await();
            throw new ConnectionException("closed");
        }));
        asked.await();

        assertThat(administration.<String>ask("asking", desk -> "answer")).isEqualTo("answer");
        administration.close();

        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> stuck.get(30, TimeUnit.SECONDS))
                .withCauseInstanceOf(ConnectionException.class);
        assertThat(opened).hasSize(2).allMatch(FakeDesk::isClosed);
        assertThatExceptionOfType(ConnectionException.class)
                .isThrownBy(() -> administration.ask("asking", desk -> "answer"));
        assertThat(opened).allMatch(FakeDesk::isClosed);
    }

    @Test
    void aConnectionServesOneQuestionAfterAnother() {
        administration.ask("asking", desk -> 1);
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(() -> administration.ask("asking", desk -> {
                    throw new MessagingException("no such thing", null);
                }))
                .withMessage("no such thing");
        administration.ask("asking", desk -> 2);
        assertThat(opened).hasSize(1).noneMatch(FakeDesk::isClosed);
    }

    @Test
    void asksOnceMoreOverANewConnectionWhereTheLastOneBroke() {
        administration.ask("asking", desk -> 1);
        FakeDesk first = opened.get(0);
        int answer = administration.ask("asking", desk -> {
            if (desk == first) {
                throw new ConnectionException("broken");
            }
            return 2;
        });
        assertThat(answer).isEqualTo(2);
        assertThat(opened).extracting(FakeDesk::isClosed).containsExactly(true, false);
        assertThatExceptionOfType(ConnectionException.class)
                .isThrownBy(() -> administration.ask("asking", desk -> {
                    throw new ConnectionException("away");
                }));
        assertThat(opened).hasSize(3).allMatch(FakeDesk::isClosed);
    }

    private static final class FakeDesk implements Administration.Desk {
        final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public void close(Duration deadline) {
            closed.countDown();
        }

        boolean isClosed() {
            return closed.getCount() == 0;
        }

        @Override
        public boolean isBroken() {
            return isClosed();
        }
    }
}
