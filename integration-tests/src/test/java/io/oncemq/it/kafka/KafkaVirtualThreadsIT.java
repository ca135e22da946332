package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
            client.ensure(DestinationSpec.of(topic).partitions(4).group("g"));
            publish(client.publisher(topic, Codecs.string()));
            try (Subscription ignored = client.subscribe(topic, Codecs.string())
                    .group("g")
                    .concurrency(AT_ONCE)
                    .handle(delivery -> {
                        virtual.add(isVirtual());
                        allThere.countDown();
                        allThere.await();
                    })) {
                assertThat(allThere.await(60, TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(virtual).hasSize(AT_ONCE).containsOnly(true);
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
}
