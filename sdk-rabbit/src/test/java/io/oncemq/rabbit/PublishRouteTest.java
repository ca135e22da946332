package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Connection;
import io.oncemq.Headers;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.rabbit.Unconfirmed.Sent;
import io.oncemq.spi.Leftover;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway") // nothing is asked of a server here
class PublishRouteTest {
    private final List<Runnable> questions = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final Topology topology = new Topology(new Administration(null));
    private final RabbitPublishSession session = new RabbitPublishSession(
            null, connection(), null, new Listener(), topology, new FrameLimits(1_000), questions::add, closed -> {});

    /** Else one destination whose look-up hangs would cost the session, and with it what is under way to all others. */
    @Test
    void takesBackWhatStillWaitsForItsDestinationToBeLookedUp() {
        OutboundFrame frame = new OutboundFrame("orders", "e-1", "k", 1, Headers.empty(), null, 1);
        session.send(frame, "first");
        session.send(frame, "second");
        assertThat(questions).hasSize(1);
        assertThat(session.abandon(frame, "first")).isEqualTo(Leftover.withdrawn(null));
        assertThat(session.abandon(frame, "first")).isEqualTo(Leftover.STUCK);
        session.fail(new IllegalStateException("over"));
        assertThat(heard).containsExactly("not sent second", "failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "x.delay.5", "50%"})
    void advisesToEnsureAGroupWhereNoQueueIsBoundToTheDestinationItself(String destination) {
        PublishRoute route = new PublishRoute(destination, session, topology);
        PublishRoute.Shards shards = new PublishRoute.Shards(destination, 1, true);
        route.answer(new Sent(destination, RabbitNames.exchange(destination), shards, 0, "m"), 1);
        assertThat(heard).singleElement().asString().contains("ensure a group that reads it");
    }

    private static Connection connection() {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> 0);
    }

    private final class Listener implements PublishListener {
        @Override
        public void confirmed(Object context, Position position) {}

        @Override
        public void rejected(Object context, Reason reason, Throwable cause) {
            heard.add("rejected " + context + " " + cause.getMessage());
        }

        @Override
        public void unknown(Object context, Throwable cause) {}

        @Override
        public void notSent(Object context, Throwable cause) {
            heard.add("not sent " + context);
        }

        @Override
        public boolean shards(String destination, int count) {
            return true;
        }

        @Override
        public void writable(boolean writable) {}

        @Override
        public void sessionFailed(Throwable cause) {
            heard.add("failed");
        }
    }
}
