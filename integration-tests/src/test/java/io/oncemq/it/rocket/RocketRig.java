package io.oncemq.it.rocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Headers;
import io.oncemq.LostPositions;
import io.oncemq.StartPosition;
import io.oncemq.it.kit.RawRocket;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.SourceSpec;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.client.MQAdmin;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/** One server for the tests of this package, names, messages, and a look at the queues without OnceMQ. */
public final class RocketRig {
    /** So long that a member of a busy machine does not lose what it has, and every repetition is the product's. */
    public static final Duration LOCK_EXPIRY = Duration.ofSeconds(12);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_AT_ONCE = 32;

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static final class Holder {
        static final RocketServer SERVER = patient()
                .brokers(2)
                .systemProperty("rocketmq.broker.rebalance.lockMaxLiveTime", LOCK_EXPIRY.toMillis())
                .build();
        static final TcpProxy PROXY = TcpProxy.to(SERVER.port(0));

        static {
            SERVER.advertise(0, "127.0.0.1", PROXY.port());
            SERVER.start();
        }
    }

    private RocketRig() {}

    /** Of brokers that do not turn away what had to wait for 0.2 s: most tests send without the engine, which would send it again. */
    static RocketServer.Builder patient() {
        return RocketServer.builder()
                .config("waitTimeMillsInSendQueue", 30_000)
                .config("osPageCacheBusyTimeOutMills", 30_000);
    }

    /** Two brokers; the test kit ends it with the JVM. */
    public static RocketServer server() {
        return Holder.SERVER;
    }

    /** Between clients and the first broker. */
    static TcpProxy proxy() {
        return Holder.PROXY;
    }

    public static String name() {
        return "it." + NUMBERS.incrementAndGet();
    }

    /** A member of group {@code g}. */
    static SourceSpec source(String destination) {
        return source(destination, StartPosition.EARLIEST, LostPositions.STOP);
    }

    static SourceSpec source(String destination, StartPosition startAt, LostPositions onLost) {
        return source(destination, "g", startAt, onLost);
    }

    static SourceSpec source(String destination, String group, StartPosition startAt, LostPositions onLost) {
        return SourceSpec.builder(destination, group)
                .startAt(startAt)
                .onLost(onLost)
                .build();
    }

    static OutboundFrame frame(String destination, @Nullable String key, String body) {
        return frame(destination, key, body.getBytes(UTF_8), Headers.empty());
    }

    static OutboundFrame frame(String destination, @Nullable String key, byte[] body, Headers headers) {
        String id = "id-" + NUMBERS.incrementAndGet();
        return new OutboundFrame(
                destination, id, key, KeyHash.of(key == null ? id : key), headers, body, body.length + 20);
    }

    /** A key that lies on the queue of this number. */
    public static String keyFor(int queue, int queues) {
        for (int i = 0; ; i++) {
            if (KeyHash.place(KeyHash.of("key-" + i), queues) == queue) {
                return "key-" + i;
            }
        }
    }

    /** The bodies in a queue, in order. */
    static List<String> bodies(String topic, int broker, int queueId) {
        return new RawRocket(server()::nameServer)
                .messages(topic).stream()
                        .filter(each -> each.getBrokerName().equals(server().brokerName(broker)))
                        .filter(each -> each.getQueueId() == queueId)
                        .map(each -> new String(each.getBody(), UTF_8))
                        .toList();
    }

    /**
     * The first messages of a queue that a tag expression lets through; waits for that many for about a minute. By the older of the
     * client's two pulling consumers, for the same reason as {@link RawRocket#messages}.
     */
    @SuppressWarnings("deprecation")
    static List<MessageExt> messages(String topic, int broker, int queueId, int count, String tags) throws Exception {
        DefaultMQPullConsumer consumer = new DefaultMQPullConsumer("rig-" + UUID.randomUUID());
        consumer.setNamesrvAddr(server().nameServer());
        consumer.setInstanceName(UUID.randomUUID().toString());
        consumer.start();
        try {
            MessageQueue queue = new MessageQueue(topic, server().brokerName(broker), queueId);
            List<MessageExt> messages = new ArrayList<>();
            long until = System.nanoTime() + PATIENCE.toNanos();
            for (long next = 0; messages.size() < count && System.nanoTime() - until < 0; ) {
                PullResult result = consumer.pullBlockIfNotFound(queue, tags, next, MOST_AT_ONCE);
                if (result.getPullStatus() == PullStatus.FOUND) {
                    messages.addAll(result.getMsgFoundList());
                }
                next = result.getNextBeginOffset();
            }
            return messages;
        } finally {
            consumer.shutdown();
        }
    }

    /** The bodies of what a broker's index knows under a key. */
    static List<String> found(String topic, String key) throws Exception {
        DefaultMQProducer client = new DefaultMQProducer("rig");
        client.setNamesrvAddr(server().nameServer());
        client.setInstanceName(UUID.randomUUID().toString());
        client.start();
        try {
            return query(client, topic, key);
        } catch (MQClientException nothing) {
            return List.of();
        } finally {
            client.shutdown();
        }
    }

    private static List<String> query(MQAdmin client, String topic, String key) throws Exception {
        return client.queryMessage(topic, key, 10, 0, Long.MAX_VALUE).getMessageList().stream()
                .map(each -> new String(each.getBody(), UTF_8))
                .toList();
    }
}
