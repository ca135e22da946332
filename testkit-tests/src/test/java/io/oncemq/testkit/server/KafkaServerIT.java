package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.testkit.fault.TcpProxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class KafkaServerIT {

    @Test
    @Tag("containers")
    void keepsRecordsThroughKillStopAndPause() throws Exception {
        try (KafkaServer kafka = KafkaServer.started()) {
            String bootstrap = kafka.bootstrap();
            createTopic(kafka, "t", 1);
            send(kafka, "t");
            kafka.kill();
            assertThat(kafka.isRunning()).isFalse();
            kafka.start();
            assertThat(records(kafka, "t")).isEqualTo(1);
            send(kafka, "t");
            kafka.restart();
            kafka.pause();
            assertThat(kafka.isRunning()).isTrue();
            kafka.resume();
            assertThat(records(kafka, "t")).isEqualTo(2);
            assertThat(kafka.bootstrap()).isEqualTo(bootstrap);
        }
    }

    @Test
    @Tag("containers")
    void sendsClientsToTheProxyInFront() throws Exception {
        KafkaServer kafka = KafkaServer.builder().build();
        try (kafka;
                TcpProxy proxy = TcpProxy.to(kafka.port())) {
            kafka.advertise("127.0.0.1", proxy.port());
            kafka.start();
            assertThat(kafka.bootstrap()).isEqualTo("127.0.0.1:" + proxy.port());
            createTopic(kafka, "t", 1);
            long before = proxy.requestBytes();
            send(kafka, "t", "x".repeat(10_000));
            assertThat(proxy.requestBytes() - before).isGreaterThan(10_000);
            assertThat(records(kafka, "t")).isEqualTo(1);
        }
    }

    @Tag("slow")
    @Test
    void servesWithOneOfThreeNodesKilled() throws Exception {
        try (KafkaServer kafka = KafkaServer.builder().nodes(3).build()) {
            kafka.start();
            createTopic(kafka, "t", 3);
            kafka.killNode(1);
            assertThat(kafka.isRunning()).isFalse();
            send(kafka, "t");
            kafka.restartNode(1);
            assertThat(kafka.isRunning()).isTrue();
            send(kafka, "t");
            assertThat(records(kafka, "t")).isEqualTo(2);
        }
    }

    @Test
    @Tag("containers")
    void reportsTheBrokersOwnWordsWhenItDoesNotStart() {
        try (KafkaServer kafka =
                KafkaServer.builder().config("num.io.threads", "many").build()) {
            assertThatThrownBy(kafka::start)
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("exited with status")
                    .hasMessageContaining("num.io.threads");
        }
    }

    @Test
    void namesAnArtifactThatCannotBeResolved() {
        assertThatThrownBy(() ->
                        KafkaServer.builder().asProcess().version("0.0.0-none").build())
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("kafka_2.13:0.0.0-none")
                .hasMessageContaining("Maven Central")
                .hasMessageContaining("settings.xml");
    }

    private static void createTopic(KafkaServer kafka, String name, int partitions) throws Exception {
        try (Admin admin = admin(kafka)) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty())))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static void send(KafkaServer kafka, String topic) throws Exception {
        send(kafka, topic, "v");
    }

    private static void send(KafkaServer kafka, String topic, String value) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrap(), "acks", "all");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "k", value)).get(60, TimeUnit.SECONDS);
        }
    }

    private static long records(KafkaServer kafka, String topic) throws Exception {
        try (Admin admin = admin(kafka)) {
            var description =
                    admin.describeTopics(List.of(topic)).allTopicNames().get(60, TimeUnit.SECONDS);
            long sum = 0;
            for (var partition : description.get(topic).partitions()) {
                TopicPartition tp = new TopicPartition(topic, partition.partition());
                sum += admin.listOffsets(Map.of(tp, OffsetSpec.latest()))
                        .partitionResult(tp)
                        .get(60, TimeUnit.SECONDS)
                        .offset();
            }
            return sum;
        }
    }

    private static Admin admin(KafkaServer kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }
}
