package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Codecs;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.core.Events;
import io.oncemq.core.Observers;
import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of docs/failure-semantics.md. */
@Timeout(120)
class RecoveryExampleTest {
    private final FakeBroker broker = new FakeBroker(PublishOrder.ONE_PER_KEY);
    private int rounds;

    /** A round of the outage; the broker is back after three. */
    private void pause() {
        rounds++;
        broker.confirmsAtOnce = rounds >= 3;
    }

    private static boolean allConfirmed(List<CompletableFuture<Receipt>> outcomes) {
        try {
            CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new)).join();
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }

    @Test
    void theLoopOfTheDocumentationEndsWithEverythingConfirmed() {
        try (PublishPipeline pipeline =
                new PublishPipeline(broker, new Events(List.of()), "example", System::nanoTime)) {
            Publisher<String> publisher = new EnginePublisher<>(
                    pipeline,
                    new FrameComposer("ce_"),
                    new SendRules(broker.capabilities()),
                    new Observers(List.of()),
                    "orders",
                    Codecs.string(),
                    PublisherOptions.builder().deadline(Duration.ofMillis(300)).build());
            List<OutboundMessage<String>> messages = IntStream.range(0, 9)
                    .mapToObj(i -> OutboundMessage.of("body").id("" + i).key("k" + i % 3))
                    .toList();
            List<CompletableFuture<Receipt>> outcomes = publisher.publishAll(messages);
            while (!allConfirmed(outcomes)) {
                pause();
                outcomes = publisher.republish(outcomes);
            }
            assertThat(outcomes).extracting(outcome -> outcome.join().id()).startsWith("0", "1", "2");
            assertThat(publisher.blockedKeys()).isZero();
        }
    }
}
