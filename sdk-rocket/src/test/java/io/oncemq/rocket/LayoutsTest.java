package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ConnectionException;
import java.util.List;
import java.util.Objects;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.protocol.route.QueueData;
import org.apache.rocketmq.remoting.protocol.route.TopicRouteData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LayoutsTest {
    private static final Layout TWO = Layout.parse("a:2");
    private static final Layout THREE = Layout.parse("a:3");

    /** A name server of one topic. */
    private static final class NameServer extends MQClientAPIImpl {
        @Nullable
        String stored = TWO.toString();

        int queues = 2;
        boolean isReachable = true;
        boolean takes = true;

        NameServer() {
            super(new NettyClientConfig(), null, null, new ClientConfig());
        }

        @Override
        public TopicRouteData getTopicRouteInfoFromNameServer(String topic, long millis)
                throws RemotingConnectException {
            reach(isReachable);
            QueueData data = new QueueData();
            data.setBrokerName("a");
            data.setWriteQueueNums(queues);
            data.setReadQueueNums(queues);
            TopicRouteData route = new TopicRouteData();
            route.setQueueDatas(List.of(data));
            return route;
        }

        @Override
        public String getKVConfigValue(String table, String topic, long millis) {
            return Objects.requireNonNull(stored);
        }

        @Override
        public void putKVConfigValue(String table, String topic, String value, long millis)
                throws RemotingConnectException {
            reach(takes);
            stored = value;
        }

        private static void reach(boolean can) throws RemotingConnectException {
            if (!can) {
                throw new RemotingConnectException("the name server");
            }
        }
    }

    private final NameServer server = new NameServer();
    private final Layouts layouts = new Layouts(server);

    @AfterEach
    void close() {
        server.shutdown();
    }

    @Test
    void aServerThatDoesNotAnswerTakesNoChangeBack() {
        layouts.look("t");
        server.queues = 3;
        layouts.look("t");
        server.isReachable = false;
        Layouts.View view = layouts.lookOrRemember("t");
        assertThat(view.kept()).isEqualTo(TWO);
        assertThat(view.actual()).isEqualTo(THREE);
        assertThatThrownBy(() -> layouts.lookOrRemember("unknown")).isInstanceOf(ConnectionException.class);
    }

    @Test
    void anAcceptedLayoutThatWasNotTakenIsStoredByALaterLook() {
        layouts.look("t");
        server.queues = 3;
        server.takes = false;
        assertThatThrownBy(() -> layouts.accept("t", THREE)).isInstanceOf(ConnectionException.class);
        assertThat(layouts.look("t").isChanged()).isFalse();
        assertThat(server.stored).isEqualTo("a:2");
        server.takes = true;
        assertThat(layouts.look("t").isChanged()).isFalse();
        assertThat(server.stored).isEqualTo("a:3");
    }

    @Test
    void whatAnotherProcessAcceptedIsNotOverwritten() {
        layouts.look("t");
        server.queues = 3;
        server.stored = "a:3";
        assertThat(layouts.look("t").kept()).isEqualTo(TWO);
        assertThat(server.stored).isEqualTo("a:3");
    }
}
