package io.oncemq.it.rocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.testkit.server.RocketServer;
import java.util.HashMap;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.exception.OffsetNotFoundException;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.header.QueryConsumerOffsetRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.UpdateConsumerOffsetRequestHeader;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.jspecify.annotations.Nullable;

/** Asks the brokers of {@link RocketRig} without OnceMQ, and writes to chosen queues. */
final class RocketAsk implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 30_000;

    private final RocketServer server = RocketRig.server();
    private final DefaultMQProducer client = new DefaultMQProducer("ask");

    RocketAsk() throws Exception {
        client.setNamesrvAddr(server.nameServer());
        client.setInstanceName(UUID.randomUUID().toString());
        client.setPollNameServerInterval(500);
        client.setSendMsgTimeout((int) PATIENCE_MILLIS);
        client.start();
    }

    /** The topic of a destination. */
    static String topic(String destination) {
        return destination.replace(".", "%2E");
    }

    MessageQueue queue(String destination, int broker, int id) {
        return new MessageQueue(topic(destination), server.brokerName(broker), id);
    }

    /** Writes the numbers from one to the other. */
    void publish(MessageQueue queue, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            Message message = new Message(queue.getTopic(), Integer.toString(i).getBytes(UTF_8));
            if (client.send(message, queue).getSendStatus() != SendStatus.SEND_OK) {
                throw new IllegalStateException("not stored");
            }
        }
    }

    /** The group's position; −1 if it has none. */
    long stored(MessageQueue queue, String group) throws Exception {
        QueryConsumerOffsetRequestHeader header = new QueryConsumerOffsetRequestHeader();
        header.setTopic(queue.getTopic());
        header.setQueueId(queue.getQueueId());
        header.setConsumerGroup(group);
        header.setSetZeroIfNotFound(false);
        try {
            return OptionalLong.of(api().queryConsumerOffset(address(queue), header, PATIENCE_MILLIS))
                    .getAsLong();
        } catch (OffsetNotFoundException e) {
            return -1;
        }
    }

    /** Makes the group where it is missing: a broker takes no offsets of one that it does not know. */
    void store(MessageQueue queue, String group, long offset) throws Exception {
        SubscriptionGroupConfig config = new SubscriptionGroupConfig();
        config.setGroupName(group);
        api().createSubscriptionGroup(address(queue), config, PATIENCE_MILLIS);
        UpdateConsumerOffsetRequestHeader header = new UpdateConsumerOffsetRequestHeader();
        header.setTopic(queue.getTopic());
        header.setQueueId(queue.getQueueId());
        header.setConsumerGroup(group);
        header.setCommitOffset(offset);
        api().updateConsumerOffset(address(queue), header, PATIENCE_MILLIS);
    }

    /** As an operator does with {@code mqadmin resetOffsetByTime}: to the oldest message. */
    void reset(MessageQueue queue, String group) throws Exception {
        api().invokeBrokerToResetOffset(address(queue), queue.getTopic(), group, 0, true, PATIENCE_MILLIS);
    }

    /** As {@code mqadmin updateTopic -b} does it, on one broker. */
    void change(String topic, int broker, int reading, int writing) throws Exception {
        TopicConfig config = api().getTopicConfig(address(broker), topic, PATIENCE_MILLIS);
        config.setReadQueueNums(reading);
        config.setWriteQueueNums(writing);
        config.setTopicSysFlag(0);
        config.setAttributes(new HashMap<>());
        api().createTopic(address(broker), "TBW102", config, PATIENCE_MILLIS);
    }

    /** What the route says of a topic's queues for writing, as a layout. */
    String writable(String topic) throws Exception {
        return api().getTopicRouteInfoFromNameServer(topic, PATIENCE_MILLIS).getQueueDatas().stream()
                .map(data -> data.getBrokerName() + ":" + data.getWriteQueueNums())
                .sorted()
                .collect(Collectors.joining(";"));
    }

    /** Which queues the name server knows of a topic; null if it has lost them. */
    @Nullable
    String layout(String topic) throws Exception {
        try {
            return api().getKVConfigValue("ONCEMQ_QUEUES", topic, PATIENCE_MILLIS);
        } catch (MQClientException lost) {
            return null;
        }
    }

    /** As a name server does that starts without its files. */
    void forgetLayout(String topic) throws Exception {
        api().deleteKVConfigValue("ONCEMQ_QUEUES", topic, PATIENCE_MILLIS);
    }

    private MQClientAPIImpl api() {
        return client.getDefaultMQProducerImpl().getMqClientFactory().getMQClientAPIImpl();
    }

    private String address(MessageQueue queue) {
        return address(queue.getBrokerName().equals(server.brokerName(0)) ? 0 : 1);
    }

    private String address(int broker) {
        return "127.0.0.1:" + server.port(broker);
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
