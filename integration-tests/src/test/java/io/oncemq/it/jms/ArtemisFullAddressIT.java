package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.MessagingEvent.PublishingBlocked;
import io.oncemq.MessagingEvent.PublishingUnblocked;
import io.oncemq.MessagingEvent.SendBlocked;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.jms.Artemis;
import io.oncemq.testkit.server.ArtemisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** S10: an address that takes no more holds up its own messages, and no others. */
class ArtemisFullAddressIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final int PROBES = 1_000;
    private static final int WINDOW = 50;
    private static final Logger LOG = LoggerFactory.getLogger(ArtemisFullAddressIT.class);

    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @ValueSource(strings = {"BLOCK", "FAIL"})
    void aFullAddressHoldsUpNoOther(String policy) {
        try (ArtemisServer server = ArtemisServer.builder()
                .addressSetting("max-size-bytes", 500_000)
                .addressSetting("address-full-policy", policy)
                .build()) {
            server.start();
            try (MessagingClient client = MessagingClient.builder()
                    .profile(Profile.DEV)
                    .transport(Artemis.at("127.0.0.1:" + server.port()))
                    .withoutIdempotency()
                    .eventListener(events::add)
                    .build()) {
                holdsUpNoOther(client);
            }
        }
    }

    private void holdsUpNoOther(MessagingClient client) {
        client.ensure(DestinationSpec.builder("full").group("g").build());
        client.ensure(DestinationSpec.builder("free").group("g").build());
        client.subscription("free", Codecs.string())
                .group("g")
                .handler(delivery -> {})
                .start();
        Publisher<String> full = client.publisher(
                "full",
                Codecs.string(),
                PublisherOptions.builder().deadline(PATIENCE).build());
        Publisher<String> free = client.publisher("free", Codecs.string());
        publishProbes(free);
        Probes alone = publishProbes(free);
        List<CompletableFuture<Receipt>> toFull = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            toFull.add(full.publish(message(i, "x".repeat(5_000))));
        }
        await().atMost(PATIENCE).until(() -> events.stream().anyMatch(PublishingBlocked.class::isInstance));
        List<CompletableFuture<Duration>> ends = publishHastily(client);
        Probes beside;
        try (SenderSamples samples = new SenderSamples()) {
            beside = publishProbes(free);
            while (samples.taken() < SenderSamples.ENOUGH) {
                publishProbes(free);
            }
            assertThat(samples.sleeping())
                    .as("samples of %s in which the sender sleeps", samples.taken())
                    .isLessThan(samples.taken() / 50);
        }
        LOG.warn("another destination: alone={} besideAFullOne={}", alone, beside);
        assertThat(beside.perSecond).as("messages in a second").isGreaterThan(alone.perSecond / 4);
        assertThat(beside.p99).isLessThan(alone.p99.multipliedBy(4).plusMillis(500));
        assertThat(ends.stream().map(CompletableFuture::join))
                .allSatisfy(end -> assertThat(end).isBetween(DEADLINE, DEADLINE.plusSeconds(1)));
        assertThat(toFull).anyMatch(receipt -> !receipt.isDone());
        assertThat(events)
                .noneMatch(SendBlocked.class::isInstance)
                .noneMatch(PublishSessionReplaced.class::isInstance)
                .noneMatch(PublishingUnblocked.class::isInstance);
        client.subscription("full", Codecs.string())
                .group("g")
                .handler(delivery -> {})
                .start();
        CompletableFuture.allOf(toFull.toArray(CompletableFuture[]::new)).join();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(of(PublishingUnblocked.class)).hasSameSizeAs(of(PublishingBlocked.class)));
        assertThat(of(PublishingBlocked.class))
                .extracting(PublishingBlocked::destination)
                .containsOnly("full");
        assertThat(of(PublishingUnblocked.class))
                .extracting(PublishingUnblocked::destination)
                .containsOnly("full");
    }

    private record Probes(double perSecond, Duration p99) {}

    /** Several at once, as long as none of them waits. */
    private static Probes publishProbes(Publisher<String> free) {
        Semaphore window = new Semaphore(WINDOW);
        Queue<Long> waits = new ConcurrentLinkedQueue<>();
        long began = System.nanoTime();
        for (int i = 0; i < PROBES; i++) {
            window.acquireUninterruptibly();
            long start = System.nanoTime();
            free.publish(OutboundMessage.of("probe").key("key-" + i % WINDOW)).whenComplete((receipt, failure) -> {
                waits.add(failure == null ? System.nanoTime() - start : Long.MAX_VALUE);
                window.release();
            });
        }
        window.acquireUninterruptibly(WINDOW);
        double seconds = (System.nanoTime() - began) / 1e9;
        List<Long> sorted = waits.stream().sorted().toList();
        return new Probes(PROBES / seconds, Duration.ofNanos(sorted.get(PROBES * 99 / 100)));
    }

    /** How long it took until each of them ended, all of them without success. */
    private static List<CompletableFuture<Duration>> publishHastily(MessagingClient client) {
        Publisher<String> hasty = client.publisher(
                "full",
                Codecs.string(),
                PublisherOptions.builder().deadline(DEADLINE).build());
        return IntStream.range(0, 100)
                .mapToObj(i -> {
                    long start = System.nanoTime();
                    return hasty.publish(OutboundMessage.of("hasty").key("hasty-" + i))
                            .handle((receipt, failure) -> {
                                assertThat(failure)
                                        .isInstanceOfSatisfying(
                                                PublishRejectedException.class,
                                                rejected -> assertThat(rejected.reason())
                                                        .isEqualTo(Reason.NOT_ATTEMPTED));
                                return Duration.ofNanos(System.nanoTime() - start);
                            });
                })
                .toList();
    }

    private <E extends MessagingEvent> List<E> of(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static OutboundMessage<String> message(int number, String body) {
        return OutboundMessage.of(body).id("id-" + number).key("key-" + number % 50);
    }
}
