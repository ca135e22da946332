package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Handlers on virtual threads, of which a few carriers of the JDK run very many, as long as none is pinned. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "this JDK has no virtual threads")
class KafkaVirtualThreadsIT {
    /** Far more than there are carriers: were a waiting handler to keep its carrier, they would never all be there. */
    private static final int AT_ONCE = 1000;

    @Test
    void aThousandHandlersWaitAtOnce() throws Exception {
        CountDownLatch allThere = new CountDownLatch(AT_ONCE);
        Queue<Boolean> virtual = new ConcurrentLinkedQueue<>();
        String topic = SharedKafka.name("virtual");
        try (MessagingClient client = client()) {
            client.ensure(
                    DestinationSpec.builder(topic).partitions(4).group("g").build());
            publish(client.publisher(topic, Codecs.string()));
            try (Subscription ignored = client.subscription(topic, Codecs.string())
                    .group("g")
                    .concurrency(AT_ONCE)
                    .handler(delivery -> {
                        virtual.add(isVirtual());
                        allThere.countDown();
                        allThere.await();
                    })
                    .start()) {
                assertThat(allThere.await(60, TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(virtual).hasSize(AT_ONCE).containsOnly(true);
    }

    /** The flight recorder sees what no count of threads shows: that one of ours holds its carrier while it waits. */
    @Test
    void nothingOfOursPinsACarrierWhilePublishingAndDerivingFromAHandler() throws Exception {
        Queue<String> pinned = new ConcurrentLinkedQueue<>();
        AtomicInteger handled = new AtomicInteger();
        String topic = SharedKafka.name("virtual");
        String next = SharedKafka.name("virtual");
        try (RecordingStream recorder = new RecordingStream();
                MessagingClient client = client()) {
            recorder.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
            recorder.onEvent("jdk.VirtualThreadPinned", event -> pinned.add(describe(event)));
            client.ensure(
                    DestinationSpec.builder(topic).partitions(4).group("g").build());
            client.ensure(DestinationSpec.builder(next).partitions(4).build());
            Publisher<String> onward = client.publisher(next, Codecs.string());
            Publisher<String> first = client.publisher(topic, Codecs.string());
            publish(first);
            try (Subscription ignored = client.subscription(topic, Codecs.string())
                    .group("g")
                    .concurrency(AT_ONCE)
                    .handler(delivery -> {
                        delivery.publishOnSuccess(onward, OutboundMessage.of(delivery.body()));
                        onward.publish(OutboundMessage.of("beside").key(delivery.key()))
                                .join();
                        handled.incrementAndGet();
                    })
                    .start()) {
                await().atMost(Duration.ofSeconds(60)).until(() -> handled.get() == AT_ONCE);
                recorder.startAsync();
                publish(first);
                await().atMost(Duration.ofSeconds(60)).until(() -> handled.get() == 2 * AT_ONCE);
            }
            stop(recorder);
        }
        // The JVM itself pins while it loads or initialises a class: the first round has done so, but for a few.
        assertThat(pinned)
                .filteredOn(frames -> !frames.contains("java.lang.ClassLoader."))
                .noneMatch(frames -> frames.contains("io.oncemq.core") || frames.contains("io.oncemq.kafka"));
    }

    private static void publish(Publisher<String> publisher) {
        IntStream.range(0, AT_ONCE)
                .mapToObj(i -> publisher.publish(OutboundMessage.of("m" + i).key("k" + i)))
                .toList()
                .forEach(receipt -> receipt.join());
    }

    private static MessagingClient client() {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(SharedKafka.kafka())
                .idempotency(InProcessIdempotency.create())
                .virtualThreads(true)
                .build();
    }

    private static boolean isVirtual() throws ReflectiveOperationException {
        return (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
    }

    /** Returns when every event has been told; called by name, since the JDK has it from 20 on. */
    private static void stop(RecordingStream recorder) throws ReflectiveOperationException {
        RecordingStream.class.getMethod("stop").invoke(recorder);
    }

    private static String describe(RecordedEvent event) {
        return String.valueOf(event.getStackTrace());
    }
}
