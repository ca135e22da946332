package io.oncemq.it.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.KeysBlocked;
import io.oncemq.MessagingEvent.KeysUnblocked;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.testkit.fault.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An outage of Kafka that lasts longer than the deadline of every message. */
@Timeout(600)
class RecoveryIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int KEYS = 20;

    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private final TcpProxy proxy = ProxiedKafka.proxy();
    private final MessagingClient client = ProxiedKafka.client(events::add);
    private final Map<String, List<String>> idsOfKeys = new HashMap<>();

    @AfterEach
    void close() {
        proxy.restore();
        client.close(Duration.ofSeconds(5));
    }

    private List<OutboundMessage<String>> messages(String prefix, int count) {
        List<OutboundMessage<String>> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = "key-" + i % KEYS;
            idsOfKeys.computeIfAbsent(key, any -> new ArrayList<>()).add(prefix + i);
            messages.add(
                    OutboundMessage.of("body of " + i).id(prefix + i).key(key).header("trace", prefix));
        }
        return messages;
    }

    private static void awaitEnds(List<CompletableFuture<Receipt>> outcomes) {
        await().atMost(PATIENCE).until(() -> outcomes.stream().allMatch(CompletableFuture::isDone));
    }

    private static long failures(List<CompletableFuture<Receipt>> outcomes) {
        return outcomes.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .count();
    }

    @Test
    @DisplayName(
            "S14: after an outage beyond every deadline one call publishes all failed messages, each key in its order")
    void oneCallRecoversAnOutageLongerThanTheDeadline() {
        String topic = ProxiedKafka.topic(client, "recovery", 3);
        Publisher<String> patient = client.publisher(
                topic,
                Codecs.string(),
                PublisherOptions.builder().deadline(PATIENCE).build());
        awaitEnds(patient.publishAll(messages("warm-", 40)));
        Publisher<String> hasty = client.publisher(
                topic,
                Codecs.string(),
                PublisherOptions.builder().deadline(Duration.ofSeconds(3)).build());
        proxy.drop();
        List<CompletableFuture<Receipt>> outcomes = new ArrayList<>(hasty.publishAll(messages("unknown-", 200)));
        awaitEnds(outcomes);
        outcomes.addAll(hasty.publishAll(messages("refused-", 200)));
        awaitEnds(outcomes);
        assertThat(failures(outcomes)).isEqualTo(400);
        assertThat(hasty.blockedKeys()).isEqualTo(KEYS);
        List<CompletableFuture<Receipt>> second = hasty.republish(shuffled(outcomes));
        awaitEnds(second);
        assertThat(failures(second)).isEqualTo(400);

        proxy.restore();
        List<CompletableFuture<Receipt>> third = patient.republish(shuffled(second));
        awaitEnds(third);

        assertThat(failures(third)).isZero();
        assertThat(patient.blockedKeys()).isZero();
        awaitEnds(patient.publishAll(messages("after-", 40)));
        StoredLog.of(topic).assertHoldsInOrder(idsOfKeys);
        assertThat(events).anyMatch(KeysBlocked.class::isInstance).contains(new KeysUnblocked(topic));
    }

    private static List<CompletableFuture<Receipt>> shuffled(List<CompletableFuture<Receipt>> outcomes) {
        List<CompletableFuture<Receipt>> copy = new ArrayList<>(outcomes);
        Collections.shuffle(copy, new Random(5));
        return copy;
    }
}
