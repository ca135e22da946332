package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ClientClosedException;
import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishAttempt;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.UnsupportedFeatureException;
import io.oncemq.core.Events;
import io.oncemq.core.Observers;
import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EnginePublisherTest {
    private final FakeBroker broker = new FakeBroker(PublishOrder.SESSION_PREFIX);
    private final PublishPipeline pipeline =
            new PublishPipeline(broker, new Events(List.of()), "publisher", System::nanoTime);

    private final List<MessageInterceptor> observers = new ArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    EnginePublisherTest() {
        broker.confirmsAtOnce = true;
    }

    @AfterEach
    void close() {
        pipeline.close(Duration.ZERO);
    }

    private <T> EnginePublisher<T> publisher(Codec<T> codec) {
        return publisher(codec, PublisherOptions.defaults());
    }

    private <T> EnginePublisher<T> publisher(Codec<T> codec, PublisherOptions options) {
        return new EnginePublisher<>(
                pipeline,
                new FrameComposer("ce_"),
                new SendRules(broker.capabilities()),
                new Observers(observers),
                "orders",
                codec,
                options);
    }

    private static final Codec<String> PICKY = new Codec<>() {
        @Override
        public byte[] encode(String body) {
            if (body.equals("bad")) {
                throw new IllegalArgumentException("unsuitable");
            }
            return Codecs.string().encode(body);
        }

        @Override
        public String decode(byte[] bytes, Headers headers) {
            return Codecs.string().decode(bytes, headers);
        }

        @Override
        public String contentType() {
            return "text/plain";
        }
    };

    @Test
    void publishesWhatTheCodecWrote() {
        Receipt receipt = publisher(Codecs.string())
                .publish(OutboundMessage.of("hello").id("1").key("k"))
                .join();
        assertThat(receipt.id()).isEqualTo("1");
        assertThat(receipt.destination()).isEqualTo("orders");
        assertThat(broker.log.get(0).body()).asString().isEqualTo("hello");
        assertThat(broker.log.get(0).headers().text("content-type")).isEqualTo("text/plain; charset=utf-8");
    }

    /** Adds a header and notes the outcome. */
    private final class Noting implements MessageInterceptor {
        @Override
        public Publishing publishing(String destination, OutboundMessage<?> message, Headers.Builder headers) {
            headers.set("trace", destination + "/" + message.id());
            return (receipt, failure) -> seen.add(
                    message.id() + " " + (receipt == null ? failure.getClass().getSimpleName() : "confirmed"));
        }
    }

    @Test
    void anObserverAddsHeadersAndHearsOfTheOutcome() {
        observers.add(new Noting());
        EnginePublisher<String> publisher = publisher(PICKY);
        publisher
                .publish(OutboundMessage.of("hello").id("1").header("own", "kept"))
                .join();
        assertThat(broker.log.get(0).headers().text("trace")).isEqualTo("orders/1");
        assertThat(broker.log.get(0).headers().text("own")).isEqualTo("kept");
        await().untilAsserted(() -> assertThat(seen).containsExactly("1 confirmed"));
    }

    @Test
    void anObserverHearsOfEachMessageThatIsNotPublished() {
        observers.add(new Noting());
        EnginePublisher<String> publisher = publisher(PICKY);
        List<OutboundMessage<String>> some = List.of(
                OutboundMessage.of("good").id("1"), OutboundMessage.of("bad").id("2"));
        assertThatThrownBy(() -> publisher.publishAll(some)).isInstanceOf(CodecException.class);
        publisher.close();
        assertThatThrownBy(() -> publisher.publish(OutboundMessage.of("late").id("3")))
                .isInstanceOf(ClientClosedException.class);
        assertThat(seen).containsExactlyInAnyOrder("1 CodecException", "2 CodecException", "3 ClientClosedException");
        assertThat(broker.log).isEmpty();
    }

    @Test
    void anObserverThatThrowsHarmsNothing() {
        observers.add(new MessageInterceptor() {
            @Override
            public Publishing publishing(String destination, OutboundMessage<?> message, Headers.Builder headers) {
                throw new IllegalStateException("observer");
            }
        });
        observers.add(new Noting());
        publisher(PICKY).publish(OutboundMessage.of("hello").id("1")).join();
        await().untilAsserted(() -> assertThat(seen).containsExactly("1 confirmed"));
    }

    @Test
    void theSameMessagePublishedTwiceKeepsItsGeneratedId() {
        EnginePublisher<String> publisher = publisher(Codecs.string());
        OutboundMessage<String> message = OutboundMessage.of("hello");
        publisher.publish(message).join();
        publisher.publish(message).join();
        assertThat(broker.storedIds()).containsExactly(message.id(), message.id());
    }

    private static List<OutboundMessage<String>> some(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> OutboundMessage.of("body " + i).id("" + i).key("k" + i % 3))
                .toList();
    }

    @Test
    void oneCallPublishesAgainWhatFailedAlsoIfItIsMoreThanTheBound() {
        observers.add(new Noting());
        broker.confirmsAtOnce = false;
        PublisherOptions few = PublisherOptions.builder()
                .maxInFlight(4)
                .deadline(Duration.ofMillis(100))
                .build();
        EnginePublisher<String> publisher = publisher(Codecs.string(), few);
        List<CompletableFuture<Receipt>> outcomes = new ArrayList<>(publisher.publishAll(some(12)));
        await().until(() -> outcomes.stream().allMatch(CompletableFuture::isDone));
        assertThat(outcomes).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(broker.log).isEmpty();
        broker.confirmsAtOnce = true;
        Collections.reverse(outcomes);
        EnginePublisher<String> patient = publisher(
                Codecs.string(), PublisherOptions.builder().maxInFlight(4).build());
        List<CompletableFuture<Receipt>> again = patient.republish(outcomes);
        assertThat(again).extracting(outcome -> outcome.join().id()).first().isEqualTo("11");
        assertThat(again).allSatisfy(outcome -> assertThat(outcome).isCompleted());
        for (String key : List.of("k0", "k1", "k2")) {
            assertThat(broker.log.stream()
                            .filter(frame -> key.equals(frame.key()))
                            .map(frame -> Integer.valueOf(frame.id())))
                    .isSorted()
                    .hasSize(4);
        }
        assertThat(broker.log.get(0).body()).asString().startsWith("body ");
        assertThat(patient.blockedKeys()).isZero();
        assertThat(patient.republish(again)).containsExactlyElementsOf(again);
        await().untilAsserted(() ->
                assertThat(seen).filteredOn(note -> note.endsWith("confirmed")).hasSize(12));
    }

    @Test
    void refusesToPublishAgainWhatWentElsewhere() {
        PublishAttempt elsewhere =
                new PublishAttempt("invoices", OutboundMessage.of("a").id("1"), 1);
        Throwable failure = new PublishOutcomeUnknownException("1", "invoices", "no answer", null, elsewhere);
        assertThatThrownBy(() -> publisher(Codecs.string()).republish(List.of(CompletableFuture.failedFuture(failure))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("invoices");
        assertThat(broker.sessions).isEmpty();
    }

    @Test
    void anExceptionOfAnotherClientIsEnoughToPublishAgain() {
        PublishAttempt attempt =
                new PublishAttempt("orders", OutboundMessage.of("a").id("1"), 1);
        Throwable failure = new PublishOutcomeUnknownException("1", "orders", "no answer", null, attempt);
        assertThat(publisher(Codecs.string())
                        .republish(List.of(CompletableFuture.failedFuture(new CompletionException(failure))))
                        .get(0)
                        .join()
                        .id())
                .isEqualTo("1");
    }

    @Test
    void aTombstoneNeedsNoCodec() {
        publisher(PICKY).publish(OutboundMessage.tombstone("k")).join();
        assertThat(broker.log.get(0).body()).isNull();
    }

    @Test
    void whatCannotBeEncodedIsNotHandedOver() {
        assertThatThrownBy(() -> publisher(PICKY).publish(OutboundMessage.of("bad")))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("java.lang.String")
                .hasMessageContaining("orders")
                .hasMessageNotContaining("bad");
        assertThat(broker.sessions).isEmpty();
    }

    @Test
    void publishAllEncodesAllBeforeItHandsOverAny() {
        EnginePublisher<String> publisher = publisher(PICKY);
        assertThatThrownBy(() -> publisher.publishAll(List.of(OutboundMessage.of("good"), OutboundMessage.of("bad"))))
                .isInstanceOf(CodecException.class);
        assertThat(broker.sessions).isEmpty();
        List<CompletableFuture<Receipt>> outcomes = publisher.publishAll(
                List.of(OutboundMessage.of("a").id("1"), OutboundMessage.of("b").id("2")));
        assertThat(outcomes).extracting(outcome -> outcome.join().id()).containsExactly("1", "2");
    }

    @Test
    void whatTheBrokerDoesNotOfferIsNotHandedOver() {
        EnginePublisher<String> publisher = publisher(Codecs.string());
        OutboundMessage<String> message = OutboundMessage.of("a").delay(Duration.ofSeconds(1));
        assertThatThrownBy(() -> publisher.publish(message)).isInstanceOf(UnsupportedFeatureException.class);
        assertThatThrownBy(() -> publisher.publishDerived(message, "1"))
                .isInstanceOf(UnsupportedFeatureException.class);
        assertThatThrownBy(() -> publisher.publishAll(List.of(OutboundMessage.of("b"), message)))
                .isInstanceOf(UnsupportedFeatureException.class);
        assertThat(broker.sessions).isEmpty();
    }

    @Test
    void derivedMessagesCarryTheGivenId() {
        OutboundMessage<String> message = OutboundMessage.of("a");
        assertThat(publisher(Codecs.string())
                        .publishDerived(message, "derived")
                        .join()
                        .id())
                .isEqualTo("derived");
    }

    @Test
    void aClosedPublisherRefuses() {
        EnginePublisher<String> publisher = publisher(Codecs.string());
        CompletableFuture<Receipt> outcome = publisher.publish(OutboundMessage.of("a"));
        publisher.close();
        publisher.close();
        assertThat(outcome).isCompleted();
        assertThatThrownBy(() -> publisher.publish(OutboundMessage.of("b"))).isInstanceOf(ClientClosedException.class);
    }

    @Test
    void closingInAContinuationDoesNotHang() {
        EnginePublisher<String> publisher = publisher(Codecs.string());
        assertThat(publisher.publish(OutboundMessage.of("a")).thenRun(publisher::close))
                .succeedsWithin(Duration.ofSeconds(20));
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
