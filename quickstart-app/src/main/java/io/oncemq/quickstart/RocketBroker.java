package io.oncemq.quickstart;

import io.oncemq.rocket.Rocket;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;

/** One name server and one broker of RocketMQ. */
final class RocketBroker implements Broker {
    /** For how long a dead process keeps its queues: the broker's minute would be most of the run. */
    private static final Duration LOCK_EXPIRY = Duration.ofSeconds(8);

    /** RocketMQ's clients write their log below the home folder, unless this names a configuration of its logging. */
    static final String LOGGING = "rmq.logback.configurationFile";

    static final String SILENT = "io/oncemq/quickstart/rocketmq-logback.xml";

    private static final String ID_PROPERTY = "CE_id";
    private static final long POLL_MILLIS = 200;

    static {
        System.setProperty(LOGGING, SILENT);
    }

    private final RocketServer server;

    RocketBroker() {
        server = RocketServer.builder()
                .systemProperty("rocketmq.broker.rebalance.lockMaxLiveTime", LOCK_EXPIRY.toMillis())
                .config("channelExpiredTimeout", 6_000)
                .build();
    }

    static Rocket transport(String address) {
        return Rocket.at(address).lockExpiry(LOCK_EXPIRY);
    }

    @Override
    public String address() {
        return server.nameServer();
    }

    @Override
    public void kill() {
        server.killBroker(0);
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public Tap tap(Stop stop) {
        return new RocketTap(server, stop);
    }

    @Override
    public Backlog backlog() {
        return new RocketBacklog(server);
    }

    @Override
    public Set<String> deadLetters() {
        String topic = Places.DESTINATION + "%2E" + Places.GROUP + "%2Edlq";
        MessageQueue queue = new MessageQueue(topic, server.brokerName(0), 0);
        Set<String> ids = new HashSet<>();
        try (RocketQueues queues = new RocketQueues(server)) {
            long end = queues.end(queue);
            DefaultLitePullConsumer consumer = reader(server, List.of(queue));
            try {
                for (long read = 0; read < end; ) {
                    for (MessageExt letter : consumer.poll(POLL_MILLIS)) {
                        String id = letter.getUserProperty(ID_PROPERTY);
                        ids.add(id == null ? "offset " + letter.getQueueOffset() : id);
                        read++;
                    }
                }
            } finally {
                consumer.shutdown();
            }
        } catch (Exception e) {
            throw new IllegalStateException("the dead letters cannot be read", e);
        }
        return ids;
    }

    /** The queues of the run's destination. */
    static List<MessageQueue> queues(RocketServer server) {
        return IntStream.range(0, Places.PARTITIONS)
                .mapToObj(queue -> new MessageQueue(Places.DESTINATION, server.brokerName(0), queue))
                .toList();
    }

    /** Reads queues from their start, and commits nothing. */
    static DefaultLitePullConsumer reader(RocketServer server, List<MessageQueue> queues) throws MQClientException {
        DefaultLitePullConsumer consumer = configured(server, new DefaultLitePullConsumer("quickstart"));
        consumer.setAutoCommit(false);
        consumer.start();
        consumer.assign(queues);
        for (MessageQueue queue : queues) {
            consumer.seek(queue, 0);
        }
        return consumer;
    }

    static <C extends ClientConfig> C configured(RocketServer server, C client) {
        client.setNamesrvAddr(server.nameServer());
        client.setInstanceName(UUID.randomUUID().toString());
        return client;
    }

    @Override
    public void close() {
        server.close();
    }
}
