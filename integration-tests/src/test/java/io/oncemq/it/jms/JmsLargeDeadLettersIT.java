package io.oncemq.it.jms;

import static io.oncemq.it.LargeMessages.LARGE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DeadLetterPolicy.TooLarge;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import io.oncemq.it.LargeMessages;
import io.oncemq.it.kit.RawActiveMq;
import io.oncemq.jms.ActiveMq;
import io.oncemq.testkit.server.ActiveMqServer;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * S7. Artemis bounds the properties of a message, by its journal and beside large bodies by the client; Classic the whole frame. A message that they
 * have accepted can be dead-lettered; if not, it is reported by name.
 */
class JmsLargeDeadLettersIT {
    private static final int FRAME = 1 << 20;
    /** Above it the client sends a body in pieces, and its properties have to stay below. */
    private static final int ONE_PIECE = 100 << 10;
    /** A record of Artemis' journal; its properties have two bytes for each character. */
    private static final int RECORD = 490 << 10;
    /** What a client adds to a body in a frame, and the broker when it delivers it: at least, and at most. */
    private static final int ADDED = 150;

    private static final int MOST_ADDED = 500;

    private static final ActiveMqServer CLASSIC =
            ActiveMqServer.builder().connector("wireFormat.maxFrameSize", FRAME).build();

    private final String destination = "large-" + UUID.randomUUID();
    private final String letters = LargeMessages.letters(destination);

    private static JmsBroker artemis() {
        return JmsBroker.artemis(ArtemisRig.artemis(), ArtemisRig.raw());
    }

    private static JmsBroker classic() {
        CLASSIC.start();
        return JmsBroker.classic(activeMq(), new RawActiveMq(CLASSIC::uri));
    }

    private static ActiveMq activeMq() {
        return ActiveMq.at("127.0.0.1:" + CLASSIC.port());
    }

    static List<JmsBroker> brokers() {
        return List.of(artemis(), classic());
    }

    @AfterAll
    static void stop() {
        CLASSIC.close();
    }

    @Test
    void theLargestHeadersThatAPublisherTakesAreDeadLetteredOnArtemis() throws Exception {
        JmsBroker broker = artemis();
        byte[] body = new byte[2 * ONE_PIECE];
        int largest;
        try (LargeMessages large = new LargeMessages(broker.transport(), destination).ensure()) {
            largest = large.publishLargest(
                    ONE_PIECE,
                    size -> OutboundMessage.of(body).key(LargeMessages.KEY).header(LARGE, "x".repeat(size)));
            large.handle(DeadLetterPolicy.defaults());
            assertThat(large.tooLarge()).isEmpty();
        }
        assertThat(largest).isBetween(45_000, 46_080);
        Message letter = onlyLetter(broker);
        assertThat(letter.getStringProperty(LARGE)).hasSize(largest);
        assertThat(((BytesMessage) letter).getBodyLength()).isEqualTo(body.length);
    }

    @Test
    void theLargestBodyThatAPublisherTakesIsDeadLetteredOnClassic() throws Exception {
        JmsBroker broker = classic();
        int largest;
        try (LargeMessages large = new LargeMessages(broker.transport(), destination).ensure()) {
            largest = large.publishLargest(
                    FRAME, size -> OutboundMessage.of(new byte[size]).key(LargeMessages.KEY));
            large.handle(DeadLetterPolicy.defaults());
            assertThat(large.tooLarge()).isEmpty();
        }
        assertThat(largest).isBetween(FRAME - 20_000, FRAME - 16_384);
        assertThat(((BytesMessage) onlyLetter(broker)).getBodyLength()).isEqualTo(largest);
    }

    /** The largest properties that other clients may send beside a large body, and a body that this client would not publish. */
    @Test
    void foreignMessagesAtTheClientsLimitsAreDeadLetteredOnArtemis() throws Exception {
        JmsBroker broker = artemis();
        int body = 2 << 20;
        int header = (ONE_PIECE - MOST_ADDED) / 2;
        try (LargeMessages large = new LargeMessages(broker.transport(), destination).ensure()) {
            assertThatThrownBy(() -> sendForeign(broker, body, ONE_PIECE / 2)).hasMessageContaining("AMQ219022");
            sendForeign(broker, body, header);
            sendNext(broker);
            large.handle(DeadLetterPolicy.defaults());
            assertThat(large.tooLarge()).isEmpty();
        }
        Message letter = onlyLetter(broker);
        assertThat(letter.getStringProperty(LARGE)).hasSize(header);
        assertThat(((BytesMessage) letter).getBodyLength()).isEqualTo(body);
    }

    @Test
    void aForeignBodyThatThisClientWouldNotPublishIsDeadLetteredOnClassic() throws Exception {
        JmsBroker broker = JmsBroker.classic(activeMq().maxMessageSize(1_000), classicRaw());
        int body = FRAME - 10_000;
        try (LargeMessages large = new LargeMessages(broker.transport(), destination).ensure()) {
            sendForeign(broker, body, 0);
            sendNext(broker);
            large.handle(DeadLetterPolicy.defaults());
            assertThat(large.tooLarge()).isEmpty();
        }
        assertThat(((BytesMessage) onlyLetter(broker)).getBodyLength()).isEqualTo(body);
    }

    private static RawActiveMq classicRaw() {
        CLASSIC.start();
        return new RawActiveMq(CLASSIC::uri);
    }

    /** On Classic it has even more bytes when it is delivered, for which the broker ends a connection with the default encoding. */
    @ParameterizedTest
    @MethodSource("brokers")
    void aForeignMessageThatLeavesNoRoomIsReportedAndThePolicyDecides(JmsBroker broker) throws Exception {
        boolean artemis = broker.name().equals("Artemis");
        int header = artemis ? (RECORD - 2 * MOST_ADDED) / 2 : 0;
        int body = artemis ? 10 : FRAME - ADDED;
        try (LargeMessages large = new LargeMessages(broker.transport(), destination).ensure()) {
            sendForeign(broker, body, header);
            sendNext(broker);
            assertThat(large.hold().size()).isGreaterThanOrEqualTo(body + header);
            assertThat(broker.waiting(letters, "g")).isEmpty();
        }
        try (LargeMessages stubs = new LargeMessages(broker.transport(), destination)) {
            stubs.handle(DeadLetterPolicy.builder().tooLarge(TooLarge.STUB).build());
        }
        Message letter = onlyLetter(broker);
        assertThat(letter.propertyExists(LARGE)).isFalse();
        assertThat(letter.getBooleanProperty("oncemq_tombstone")).isTrue();
        assertThat(letter.getStringProperty("oncemq_HYPHEN_dead_HYPHEN_letter_HYPHEN_destination"))
                .isEqualTo(destination);
        assertThat(Integer.parseInt(letter.getStringProperty("oncemq_HYPHEN_dead_HYPHEN_letter_HYPHEN_size")))
                .isGreaterThanOrEqualTo(body + header);
    }

    /** Such a message ended the connection, with all messages under way there. */
    @Test
    void aMessageAboveTheFrameOfClassicIsRejectedByNameAndItsNeighboursAreConfirmed() {
        List<CompletableFuture<Receipt>> neighbours = new ArrayList<>();
        try (LargeMessages large = new LargeMessages(classic().transport(), destination).ensure()) {
            Publisher<byte[]> publisher = large.client().publisher(destination, Codecs.bytes());
            for (int i = 0; i < 50; i++) {
                neighbours.add(publisher.publish(OutboundMessage.of(new byte[i]).key("n" + i)));
            }
            assertThatThrownBy(() -> publisher
                            .publish(OutboundMessage.of(new byte[FRAME]).key(LargeMessages.KEY))
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            PublishRejectedException.class,
                            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.TOO_LARGE))
                    .hasStackTraceContaining("wireFormat.maxFrameSize (" + FRAME);
            assertThat(neighbours).allSatisfy(each -> each.join());
        }
    }

    private void sendForeign(JmsBroker broker, int body, int header) {
        broker.send(destination, session -> {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(new byte[body]);
            message.setStringProperty("oncemq_key", LargeMessages.KEY);
            if (header > 0) {
                message.setStringProperty(LARGE, "x".repeat(header));
            }
            return message;
        });
    }

    private void sendNext(JmsBroker broker) {
        broker.send(destination, session -> {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(LargeMessages.NEXT.getBytes(UTF_8));
            message.setStringProperty("oncemq_key", LargeMessages.KEY);
            return message;
        });
    }

    private Message onlyLetter(JmsBroker broker) throws JMSException {
        List<Message> all = broker.waiting(letters, "g");
        assertThat(all).hasSize(1);
        return all.get(0);
    }
}
