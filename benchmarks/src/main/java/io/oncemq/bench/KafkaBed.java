package io.oncemq.bench;

import io.oncemq.kafka.Kafka;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.server.KafkaServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import redis.clients.jedis.Jedis;

/** One Kafka broker. */
final class KafkaBed implements Bed {
    private final KafkaServer kafka;
    private final Admin admin;

    private KafkaBed(KafkaServer kafka) {
        this.kafka = kafka;
        this.admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }

    /**
     * The broker keeps its session for long, since nobody kills it here: on a busy machine a short one lapses, and partitions
     * lose their leader in the middle of a run.
     */
    static KafkaBed start() {
        KafkaServer kafka = KafkaServer.builder()
                .asProcess()
                .benchmark()
                .config("broker.session.timeout.ms", 30_000)
                .config("broker.heartbeat.interval.ms", 2_000)
                .build();
        try {
            kafka.start();
            return new KafkaBed(kafka);
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    @Override
    public TransportFactory transport() {
        Kafka at = Kafka.at(kafka.bootstrap());
        for (Map.Entry<String, String> setting : KafkaSettings.producer().entrySet()) {
            at = at.producerProperty(setting.getKey(), setting.getValue());
        }
        for (Map.Entry<String, String> setting : KafkaSettings.consumer().entrySet()) {
            at = at.consumerProperty(setting.getKey(), setting.getValue());
        }
        return at;
    }

    /** Waits until each partition's leader answers; a producer that is earlier can fail. */
    @Override
    public void create(String topic, String group) throws ExecutionException, InterruptedException {
        NewTopic created = new NewTopic(topic, SHARDS, (short) 1).configs(Map.of("file.delete.delay.ms", "1000"));
        admin.createTopics(List.of(created)).all().get();
        Map<TopicPartition, OffsetSpec> all = IntStream.range(0, SHARDS)
                .boxed()
                .collect(Collectors.toMap(i -> new TopicPartition(topic, i), i -> OffsetSpec.latest()));
        Waiting.until("the leaders of " + topic, () -> answers(all));
    }

    private boolean answers(Map<TopicPartition, OffsetSpec> partitions) {
        try {
            admin.listOffsets(partitions).all().get();
            return true;
        } catch (ExecutionException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void delete(String topic, String group) throws ExecutionException, InterruptedException {
        admin.deleteTopics(List.of(topic)).all().get();
    }

    @Override
    public boolean keepsMessages() {
        return true;
    }

    @Override
    public String rawPublisher() {
        return "raw producer";
    }

    @Override
    public double publishRaw(String topic, Workload workload, long run) throws Exception {
        return KafkaRawPublish.run(kafka.bootstrap(), topic, workload, run);
    }

    @Override
    public String rawConsumer() {
        return "raw poll loop";
    }

    @Override
    public double consumeRaw(String topic, String group, int messages, IdStep ids) {
        return KafkaRawConsume.run(kafka.bootstrap(), topic, group, messages, ids);
    }

    @Override
    public boolean overlaps() {
        return true;
    }

    @Override
    public double consumeOverlapped(String topic, String group, int messages, Jedis jedis) throws InterruptedException {
        return new KafkaOverlappedConsume(jedis, group, messages).run(kafka.bootstrap(), topic, group);
    }

    @Override
    public void close() {
        admin.close();
        kafka.close();
    }
}
