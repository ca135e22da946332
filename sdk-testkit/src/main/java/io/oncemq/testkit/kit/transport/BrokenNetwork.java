package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.OutboundMessage;
import io.oncemq.Receipt;
import io.oncemq.Subscription;
import io.oncemq.testkit.fault.TcpProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

abstract class BrokenNetwork extends Scenario {
    /** Above what any of the brokers sends in one piece, also compressed. */
    private static final int LARGE = 400_000;

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final TcpProxy network;

    BrokenNetwork(TransportKit kit) {
        super(kit);
        this.network = fixture.network();
    }

    @Test
    @DisplayName(
            "A1 a large body that is cut in its middle, going out or coming in, by RST or by FIN, arrives whole and once")
    final void aLargeBodyThatIsCutOffArrivesWholeAndOnce() {
        String orders = destination(1);
        Subscription subscription =
                subscribe(client(), orders).handler(effects.by("only")).start();
        publish(orders, message("first", "a"));
        awaitHandled("first");
        List<OutboundMessage<String>> sent = new ArrayList<>(List.of(message("first", "a")));
        sent.add(cut(orders, "request-by-rst", network::resetAfterRequestBytes));
        sent.add(cut(orders, "reply-by-rst", network::resetAfterReplyBytes));
        sent.add(cut(orders, "request-by-fin", network::finishAfterRequestBytes));
        sent.add(cut(orders, "reply-by-fin", network::finishAfterReplyBytes));
        assertThat(effects.all()).extracting(Effect::id).containsExactlyElementsOf(ids(sent));
        assertThat(effects.all().stream().map(Effect::body).toList())
                .isEqualTo(sent.stream().map(OutboundMessage::body).toList());
        assertThat(subscription.state()).isEqualTo(Subscription.State.RUNNING);
    }

    private OutboundMessage<String> cut(String destination, String id, LongConsumer afterBytes) {
        OutboundMessage<String> message = message(id, "a", large(id.hashCode()));
        long cuts = network.cuts();
        afterBytes.accept(LARGE / 2);
        CompletableFuture<Receipt> receipt = publisher(destination).publish(message);
        await().until(() -> network.cuts() > cuts);
        network.restore();
        receipt.join();
        awaitHandled(id);
        return message;
    }

    /** Which no compression makes small. */
    private static String large(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return random.ints(LARGE, 0, LETTERS.length())
                .collect(
                        () -> new StringBuilder(LARGE),
                        (text, next) -> text.append(LETTERS.charAt(next)),
                        StringBuilder::append)
                .toString();
    }

    @Test
    @DisplayName(
            "S9 after the first success, FIN and a network that closes or speaks HTTP interrupt clients and end nothing")
    final void aNetworkThatClosesOrSpeaksHttpEndsNothing() {
        String orders = destination(1);
        Subscription subscription =
                subscribe(client(), orders).handler(effects.by("only")).start();
        List<OutboundMessage<String>> sent = new ArrayList<>();
        sent.add(interrupted(orders, "well", () -> {}, 0));
        sent.add(interrupted(orders, "fin", network::finish, 2));
        sent.add(interrupted(orders, "half-closed", network::halfClose, 2));
        sent.add(interrupted(orders, "accepts-and-closes", () -> misbehave(network::acceptAndClose), 2));
        if (fixture.survivesOtherProtocols()) {
            sent.add(interrupted(orders, "speaks-http", () -> misbehave(network::answerHttp), 2));
        }
        sent.add(interrupted(orders, "well-again", () -> {}, 0));
        assertThat(effects.ids()).containsExactlyElementsOf(ids(sent));
        assertThat(subscription.state()).isEqualTo(Subscription.State.RUNNING);
    }

    @Test
    @Tag("slow")
    @DisplayName("S9 after the first success, a port that accepts and says nothing is given up and tried again")
    final void aPortThatAcceptsAndSaysNothingIsTriedAgain() {
        String orders = destination(1);
        Subscription subscription =
                subscribe(client(), orders).handler(effects.by("only")).start();
        List<OutboundMessage<String>> sent = new ArrayList<>();
        sent.add(interrupted(orders, "well", () -> {}, 0));
        sent.add(interrupted(orders, "silent", () -> misbehave(network::acceptSilently), 3));
        assertThat(effects.ids()).containsExactlyElementsOf(ids(sent));
        assertThat(subscription.state()).isEqualTo(Subscription.State.RUNNING);
    }

    private void misbehave(Runnable reception) {
        reception.run();
        network.finish();
    }

    /** Publishes while something is wrong, until this many new connections were tried, and waits for the effect when all is well. */
    private OutboundMessage<String> interrupted(String destination, String id, Runnable trouble, int tries) {
        OutboundMessage<String> message = message(id, "a");
        long accepted = network.accepted();
        trouble.run();
        CompletableFuture<Receipt> receipt = publisher(destination).publish(message);
        await().until(() -> network.accepted() >= accepted + tries);
        network.restore();
        receipt.join();
        awaitHandled(id);
        return message;
    }

    private static List<String> ids(List<OutboundMessage<String>> messages) {
        return messages.stream().map(OutboundMessage::id).toList();
    }
}
