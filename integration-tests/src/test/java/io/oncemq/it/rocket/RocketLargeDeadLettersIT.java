package io.oncemq.it.rocket;

import static io.oncemq.it.LargeMessages.LARGE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.DeadLetterPolicy;
import io.oncemq.DeadLetterPolicy.TooLarge;
import io.oncemq.OutboundMessage;
import io.oncemq.it.LargeMessages;
import io.oncemq.it.kit.RawRocket;
import io.oncemq.rocket.Rocket;
import io.oncemq.testkit.server.RocketServer;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** S7: a broker counts the body, and 32,767 bytes of properties. What it has accepted can be dead-lettered, and what cannot is named. */
class RocketLargeDeadLettersIT {
    private static final int BODY = 4 << 20;
    private static final int PROPERTIES = 32_767;

    private final RocketServer server = RocketRig.server();
    private final String destination = RocketRig.name();

    @Test
    void theLargestHeadersThatAPublisherTakesAreDeadLettered() {
        int largest = deadLetterTheLargest(PROPERTIES, LargeMessages::header);
        assertThat(largest).isBetween(PROPERTIES - 10_000, PROPERTIES - 8_000);
        assertThat(letters())
                .singleElement()
                .satisfies(letter ->
                        assertThat(letter.getProperties().values()).anyMatch(value -> value.length() == largest));
    }

    @Test
    void theLargestBodyThatAPublisherTakesIsDeadLettered() {
        int largest = deadLetterTheLargest(
                BODY + 1_000, size -> OutboundMessage.of(noise(size)).key(LargeMessages.KEY));
        // What does not shrink grows a little in the client's compression.
        assertThat(largest).isBetween(BODY - 2_000, BODY);
        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.getBody()).hasSize(largest));
    }

    @Test
    @Tag("slow")
    void whatAForeignProducerLeavesNoRoomInIsToldAndThePolicyDecides() throws Exception {
        try (LargeMessages large = new LargeMessages(rocket(), destination).ensure()) {
            sendForeign("foreign", 32_000);
            sendForeign(LargeMessages.NEXT, 0);
            large.hold();
        }
        assertThat(letters()).isEmpty();
        try (LargeMessages stubs = new LargeMessages(rocket(), destination)) {
            stubs.handle(DeadLetterPolicy.builder().tooLarge(TooLarge.STUB).build());
        }
        assertThat(letters()).hasSize(1);
    }

    /** Nothing that could be compressed. */
    private static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new Random(size).nextBytes(noise);
        return noise;
    }

    private int deadLetterTheLargest(int above, IntFunction<OutboundMessage<byte[]>> message) {
        try (LargeMessages large = new LargeMessages(rocket(), destination).ensure()) {
            int largest = large.publishLargest(above, message);
            large.handle(DeadLetterPolicy.defaults());
            assertThat(large.tooLarge()).isEmpty();
            return largest;
        }
    }

    private Rocket rocket() {
        return Rocket.at(server.nameServer()).lockExpiry(RocketRig.LOCK_EXPIRY);
    }

    private void sendForeign(String body, int properties) throws Exception {
        DefaultMQProducer producer = new DefaultMQProducer("foreign");
        producer.setNamesrvAddr(server.nameServer());
        producer.setInstanceName(UUID.randomUUID().toString());
        producer.start();
        try {
            Message message = new Message(RocketAsk.topic(destination), body.getBytes(UTF_8));
            message.putUserProperty("oncemq-key", "k");
            if (properties > 0) {
                message.putUserProperty(LARGE, "x".repeat(properties));
            }
            producer.send(message, new MessageQueue(RocketAsk.topic(destination), server.brokerName(0), 0));
        } finally {
            producer.shutdown();
        }
    }

    private List<MessageExt> letters() {
        return new RawRocket(server::nameServer).messages(RocketAsk.topic(LargeMessages.letters(destination)));
    }
}
