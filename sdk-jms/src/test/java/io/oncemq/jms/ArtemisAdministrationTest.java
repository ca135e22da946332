package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ArtemisAdministrationTest {
    private final List<FakeDesk> opened = new CopyOnWriteArrayList<>();
    private final ArtemisAdministration administration = new ArtemisAdministration(this::desk);

    private FakeDesk desk() {
        FakeDesk desk = new FakeDesk();
        opened.add(desk);
        return desk;
    }

    @Test
    void aQuestionThatWaitsKeepsNoOtherWaitingAndACloseEndsIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<String> stuck = CompletableFuture.supplyAsync(() -> administration.ask("waiting", session -> {
            asked.countDown();
            opened.get(0).closed.await();
            throw new ConnectionException("closed");
        }));
        asked.await();

        assertThat(administration.<String>ask("asking", session -> "answer")).isEqualTo("answer");
        administration.close();

        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> stuck.get(30, TimeUnit.SECONDS))
                .withCauseInstanceOf(ConnectionException.class);
        assertThat(opened).hasSize(2).allMatch(FakeDesk::isClosed);
        assertThatExceptionOfType(ConnectionException.class)
                .isThrownBy(() -> administration.ask("asking", session -> "answer"));
        assertThat(opened).allMatch(FakeDesk::isClosed);
    }

    @Test
    void aConnectionServesOneQuestionAfterAnother() {
        administration.ask("asking", session -> 1);
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(() -> administration.ask("asking", session -> {
                    throw new MessagingException("no such thing", null);
                }))
                .withMessage("no such thing");
        administration.ask("asking", session -> 2);
        assertThat(opened).hasSize(1).noneMatch(FakeDesk::isClosed);
    }

    @Test
    void asksOnceMoreOverANewConnectionWhereTheLastOneBroke() {
        administration.ask("asking", session -> 1);
        ClientSession first = opened.get(0).session;
        int answer = administration.ask("asking", session -> {
            if (session == first) {
                throw new ConnectionException("broken");
            }
            return 2;
        });
        assertThat(answer).isEqualTo(2);
        assertThat(opened).extracting(FakeDesk::isClosed).containsExactly(true, false);
        assertThatExceptionOfType(ConnectionException.class)
                .isThrownBy(() -> administration.ask("asking", session -> {
                    throw new ConnectionException("away");
                }));
        assertThat(opened).hasSize(3).allMatch(FakeDesk::isClosed);
    }

    private static final class FakeDesk implements ArtemisAdministration.Desk {
        final CountDownLatch closed = new CountDownLatch(1);
        final ClientSession session = (ClientSession) Proxy.newProxyInstance(
                ClientSession.class.getClassLoader(),
                new Class<?>[] {ClientSession.class},
                (proxy, method, arguments) -> method.getName().equals("isClosed") ? isClosed() : null);

        @Override
        public ClientSession session() {
            return session;
        }

        @Override
        public void close(Duration deadline) {
            closed.countDown();
        }

        boolean isClosed() {
            return closed.getCount() == 0;
        }
    }
}
