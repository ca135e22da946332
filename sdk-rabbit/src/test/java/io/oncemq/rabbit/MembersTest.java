package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class MembersTest {
    private static final int QUESTIONS = 100;

    private final List<boolean[]> channels = new ArrayList<>();
    private final Members members = new Members("orders", "billing", new OpenChannels());

    /** A late answer must not be taken for that of the next question either, so the channel cannot be kept. */
    @Test
    void aQuestionWithoutAnAnswerLeavesNoChannelOpen() throws IOException {
        Connection connection = connection("queueDeclarePassive");
        for (int n = 0; n < QUESTIONS; n++) {
            assertThat(members.count(connection)).isZero();
            assertThat(openChannels()).isZero();
        }
        assertThat(channels).hasSizeGreaterThan(1);
    }

    @Test
    void aMemberThatCannotJoinLeavesNoChannelOpen() throws IOException {
        Connection connection = connection("basicConsume");
        for (int n = 0; n < QUESTIONS; n++) {
            assertThat(members.count(connection)).isZero();
            assertThat(openChannels()).isZero();
        }
        assertThat(members.isJoined(connection)).isFalse();
    }

    @Test
    void aMemberAsksOverOneChannel() throws IOException {
        Connection connection = connection("");
        for (int n = 0; n < QUESTIONS; n++) {
            assertThat(members.count(connection)).isEqualTo(2);
        }
        assertThat(channels).hasSize(1);
        assertThat(members.isJoined(connection)).isTrue();
    }

    private long openChannels() {
        return channels.stream().filter(open -> open[0]).count();
    }

    /** @param unanswered what its channels wait for in vain */
    private Connection connection(String unanswered) {
        return proxy(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "isOpen" -> true;
            case "createChannel" -> channel(unanswered);
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private Channel channel(String unanswered) {
        boolean[] open = {true};
        channels.add(open);
        return proxy(Channel.class, (proxy, method, arguments) -> {
            if (method.getName().equals(unanswered)) {
                throw new IOException(new TimeoutException("no answer"));
            }
            return switch (method.getName()) {
                case "isOpen" -> open[0];
                case "abort" -> {
                    open[0] = false;
                    yield null;
                }
                case "queueDeclare" -> null;
                case "queueDeclarePassive" -> declared();
                case "basicConsume" -> "tag";
                case "addShutdownListener" -> null;
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> throw new UnsupportedOperationException(method.getName());
            };
        });
    }

    private static AMQP.Queue.DeclareOk declared() {
        return new AMQP.Queue.DeclareOk() {
            @Override
            public String getQueue() {
                return "members";
            }

            @Override
            public int getMessageCount() {
                return 0;
            }

            @Override
            public int getConsumerCount() {
                return 2;
            }

            @Override
            public int protocolClassId() {
                return 0;
            }

            @Override
            public int protocolMethodId() {
                return 0;
            }

            @Override
            public String protocolMethodName() {
                return "queue.declare-ok";
            }
        };
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
