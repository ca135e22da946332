package io.oncemq.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import io.oncemq.it.Footprint.Weight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Many subscriptions and publishers of one client on a broker whose sources rest without a thread: what they weigh at rest, and whether one of them wakes. */
public final class RestingClient {
    public static final int COUNT = Integer.getInteger("oncemq.footprint.subscriptions", 50);
    public static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("oncemq.footprint.patience", 240));
    public static final double MOST = 1.5;
    /** Threads that a client has besides those of the broker's library, for whatever number of subscriptions and publishers. */
    public static final int OWN_THREADS = 16;

    /** Of its loops and those of the adapter, with their timers. */
    private static final int OF_ENGINE = 8;

    private static final int SINGLES = Integer.getInteger("oncemq.footprint.singles", 9);

    private RestingClient() {}

    public record Measured(int connections, Weight weight) {
        public void require(int mostConnections, long mostThreads) {
            assertThat(connections).as("connections").isLessThanOrEqualTo(mostConnections);
            assertThat(weight.threads()).as("threads").isLessThanOrEqualTo(mostThreads);
            assertThat(weight.ofEngine())
                    .as("threads of loops, none of them of one resting subscription")
                    .isLessThanOrEqualTo(OF_ENGINE);
        }
    }

    /**
     * Once each subscription has had a message.
     *
     * @param before threads that do not count
     * @param mostThreads which it is waited for
     * @param connections how many there are now
     */
    public static Measured measure(
            MessagingClient client, List<String> names, Set<Thread> before, long mostThreads, IntSupplier connections) {
        Set<String> handled = ConcurrentHashMap.newKeySet();
        for (String name : names) {
            client.ensure(DestinationSpec.builder(name).partitions(1).group("g").build());
            client.subscription(name, Codecs.string())
                    .group("g")
                    .handler(delivery -> handled.add(name))
                    .start();
            client.publisher(name, Codecs.string())
                    .publish(OutboundMessage.of("one"))
                    .join();
        }
        await().atMost(PATIENCE).until(() -> handled.size() == names.size());
        Footprint footprint = new Footprint(before);
        Weight weight = footprint.weigh(
                PATIENCE, () -> footprint.ofEngine() <= OF_ENGINE && footprint.threads() <= mostThreads);
        return new Measured(connections.getAsInt(), weight);
    }

    /**
     * How long single messages took to a subscription that rested before each of them, in order of size. After a lost wake-up the next look finds the
     * message, seconds later.
     *
     * @param sourceThread what the names of threads begin with that a source has while it works
     */
    public static List<Duration> singles(MessagingClient client, String name, String sourceThread)
            throws InterruptedException {
        SynchronousQueue<String> handled = new SynchronousQueue<>();
        List<Duration> took = new ArrayList<>();
        client.ensure(DestinationSpec.builder(name).group("g").build());
        client.subscription(name, Codecs.string())
                .group("g")
                .handler(delivery -> handled.put(delivery.body()))
                .start();
        Publisher<String> publisher = client.publisher(name, Codecs.string());
        for (int n = 0; n < SINGLES; n++) {
            await().atMost(PATIENCE)
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().startsWith(sourceThread)));
            long since = System.nanoTime();
            CompletableFuture<Receipt> confirmed = publisher.publish(OutboundMessage.of("one " + n));
            assertThat(handled.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("one " + n);
            took.add(Duration.ofNanos(System.nanoTime() - since));
            confirmed.join();
        }
        return took.stream().sorted().toList();
    }
}
