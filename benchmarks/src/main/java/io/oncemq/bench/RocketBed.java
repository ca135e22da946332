package io.oncemq.bench;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.server.RocketServer;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.MessageQueue;

/** One name server and one broker, with asynchronous flush for both sides. Both use the topic that OnceMQ creates. */
final class RocketBed implements Bed {
    private final RocketServer rocket;

    private RocketBed(RocketServer rocket) {
        this.rocket = rocket;
    }

    static RocketBed start() {
        RocketServer rocket = RocketServer.builder()
                .benchmark()
                .config("mappedFileSizeCommitLog", 256 << 20)
                .config("mappedFileSizeConsumeQueue", 6_000_000)
                .config("maxIndexNum", 2_000_000)
                .config("maxHashSlotNum", 500_000)
                // Else the broker turns away what waits for 0.2 s, and the raw side, which does not send again, fails.
                .config("waitTimeMillsInSendQueue", 10_000)
                .config("osPageCacheBusyTimeOutMills", 10_000)
                .build();
        try {
            rocket.start();
            return new RocketBed(rocket);
        } catch (RuntimeException e) {
            rocket.close();
            throw e;
        }
    }

    @Override
    public TransportFactory transport() {
        return Rocket.at(rocket.nameServer());
    }

    @Override
    public void create(String destination, String group) {
        try (MessagingClient client = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(transport())
                .withoutIdempotency()
                .build()) {
            client.ensure(DestinationSpec.builder(destination)
                    .partitions(SHARDS)
                    .group(group)
                    .build());
        }
    }

    /** Topics share one log: what a deleted one takes of it comes free when whole files are old. */
    @Override
    public void delete(String destination, String group) {}

    @Override
    public boolean keepsMessages() {
        return true;
    }

    @Override
    public String rawPublisher() {
        return "raw asynchronous sends";
    }

    @Override
    public double publishRaw(String destination, Workload workload, long run) throws Exception {
        DefaultMQProducer producer = configured(new DefaultMQProducer("bench"));
        producer.setRetryTimesWhenSendAsyncFailed(0);
        producer.start();
        try {
            return new RocketRawPublish(producer, queues(destination)).run(workload, run);
        } finally {
            producer.shutdown();
        }
    }

    @Override
    public String rawConsumer() {
        return "raw LitePull, commit by map";
    }

    @Override
    public double consumeRaw(String destination, String group, int messages, IdStep ids) throws Exception {
        DefaultLitePullConsumer consumer = configured(new DefaultLitePullConsumer(group));
        consumer.setAutoCommit(false);
        consumer.start();
        try {
            return new RocketRawConsume(consumer, messages, ids).run(queues(destination));
        } finally {
            consumer.shutdown();
        }
    }

    private List<MessageQueue> queues(String destination) {
        String topic = topic(destination);
        return IntStream.range(0, SHARDS)
                .mapToObj(queue -> new MessageQueue(topic, rocket.brokerName(0), queue))
                .toList();
    }

    /** As the adapter writes it (docs/wire-format.md). */
    private static String topic(String destination) {
        return destination.replace(".", "%2E");
    }

    private <C extends ClientConfig> C configured(C client) {
        client.setNamesrvAddr(rocket.nameServer());
        client.setInstanceName(UUID.randomUUID().toString());
        return client;
    }

    @Override
    public void close() {
        rocket.close();
    }
}
