package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.testkit.fault.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.rocketmq.client.MQAdmin;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RocketServerIT {
    @RegisterExtension
    static final LeakCheck LEAKS = LeakCheck.threads("oncemq-");

    private static final int SHORT_MILLIS = 1_000;
    private static final int LONG_MILLIS = 30_000;

    private static RocketServer rocket;

    @BeforeAll
    static void start() {
        rocket = Servers.started(unhurried().build());
    }

    @AfterAll
    static void close() {
        rocket.close();
    }

    @Test
    void keepsMessagesThroughAKillOfEverythingOnTheSamePorts() throws Exception {
        rocket.createTopic("kept", 1);
        int port = rocket.port(0);
        String nameServer = rocket.nameServer();
        assertThat(send(rocket, "kept", "survives").getSendStatus()).isEqualTo(SendStatus.SEND_OK);
        rocket.kill();
        assertThat(rocket.isRunning()).isFalse();
        rocket.start();
        assertThat(rocket.port(0)).isEqualTo(port);
        assertThat(rocket.nameServer()).isEqualTo(nameServer);
        assertThat(messages(rocket, "kept")).isEqualTo(1);
    }

    @Test
    void knowsItsBrokerAgainOnceTheNameServerIsBack() throws Exception {
        rocket.createTopic("routed", 1);
        rocket.killNameServer();
        try {
            assertThatThrownBy(() -> send(rocket, "routed", "nowhere"))
                    .hasMessageContaining("connect to " + rocket.nameServer());
        } finally {
            rocket.restartNameServer();
        }
        send(rocket, "routed", "again");
        assertThat(messages(rocket, "routed")).isEqualTo(1);
    }

    @Test
    void answersNothingWhilePausedAndGoesOnAfterwards() throws Exception {
        rocket.createTopic("frozen", 1);
        send(rocket, "frozen", "before");
        rocket.pauseBroker(0);
        try {
            assertThatThrownBy(() -> send(rocket, "frozen", "meanwhile", SHORT_MILLIS))
                    .isInstanceOf(Exception.class);
            assertThat(rocket.isRunning()).isTrue();
        } finally {
            rocket.resumeBroker(0);
        }
        assertThat(send(rocket, "frozen", "after").getSendStatus()).isEqualTo(SendStatus.SEND_OK);
    }

    @Tag("slow")
    @Test
    void offersNoQueueToPublishersWhileReadOnlyAlsoAfterARestart() throws Exception {
        rocket.createTopic("readable", 1);
        send(rocket, "readable", "before");
        rocket.readOnly(0);
        try {
            assertThatThrownBy(() -> send(rocket, "readable", "no")).isInstanceOf(MQClientException.class);
            rocket.restartBroker(0);
            assertThatThrownBy(() -> send(rocket, "readable", "no")).isInstanceOf(MQClientException.class);
        } finally {
            rocket.writable(0);
        }
        assertThat(send(rocket, "readable", "yes").getSendStatus()).isEqualTo(SendStatus.SEND_OK);
    }

    @Tag("slow")
    @Test
    void sendsClientsToTheProxyInFrontOfOneOfTwoBrokers() throws Exception {
        RocketServer two = unhurried().brokers(2).build();
        try (two;
                TcpProxy proxy = TcpProxy.to(two.port(0))) {
            two.advertise(0, "127.0.0.1", proxy.port());
            two.start();
            two.createTopic("t", 1);
            long before = proxy.requestBytes();
            sendTo(two, 0, "x".repeat(2_000));
            assertThat(proxy.requestBytes() - before).isGreaterThan(2_000);
            sendTo(two, 1, "y");
            two.killBroker(0);
            sendTo(two, 1, "z");
            two.restartBroker(0);
            assertThat(messages(two, "t")).isEqualTo(3);
        }
    }

    /** On a busy machine a broker would soon refuse what waited in its queue, and these clients send once. */
    private static RocketServer.Builder unhurried() {
        return RocketServer.builder()
                .config("waitTimeMillsInSendQueue", 30_000)
                .config("osPageCacheBusyTimeOutMills", 30_000);
    }

    private static void sendTo(RocketServer server, int broker, String value) throws Exception {
        DefaultMQProducer producer = producer(server);
        try {
            SendResult result = producer.send(
                    message("t", value), new MessageQueue("t", server.brokerName(broker), 0), LONG_MILLIS);
            assertThat(result.getSendStatus()).isEqualTo(SendStatus.SEND_OK);
        } finally {
            producer.shutdown();
        }
    }

    private static SendResult send(RocketServer server, String topic, String value) throws Exception {
        return send(server, topic, value, LONG_MILLIS);
    }

    private static SendResult send(RocketServer server, String topic, String value, int patience) throws Exception {
        DefaultMQProducer producer = producer(server);
        try {
            return producer.send(message(topic, value), patience);
        } finally {
            producer.shutdown();
        }
    }

    private static long messages(RocketServer server, String topic) throws Exception {
        DefaultMQProducer producer = producer(server);
        try {
            long sum = 0;
            for (MessageQueue queue : producer.fetchPublishMessageQueues(topic)) {
                sum += end(producer, queue);
            }
            return sum;
        } finally {
            producer.shutdown();
        }
    }

    private static long end(MQAdmin client, MessageQueue queue) throws MQClientException {
        return client.maxOffset(queue);
    }

    private static Message message(String topic, String value) {
        return new Message(topic, value.getBytes(StandardCharsets.UTF_8));
    }

    private static DefaultMQProducer producer(RocketServer server) throws Exception {
        DefaultMQProducer producer = new DefaultMQProducer("testkit");
        producer.setNamesrvAddr(server.nameServer());
        producer.setInstanceName(UUID.randomUUID().toString());
        producer.setRetryTimesWhenSendFailed(0);
        producer.setPollNameServerInterval(1_000);
        producer.start();
        return producer;
    }
}
