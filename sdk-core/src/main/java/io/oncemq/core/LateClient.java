package io.oncemq.core;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.oncemq.Capabilities;
import io.oncemq.ClientClosedException;
import io.oncemq.Codec;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.FoundMessage;
import io.oncemq.MessageQuery;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingException;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.SubscriptionBuilder;
import io.oncemq.spi.support.Waits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that connects on a thread of its own, and then hands each call to the client that it has connected; see {@link
 * io.oncemq.Startup#BACKGROUND}. Thread-safe.
 *
 * <p>A client around the engine's, because the engine needs what the broker reports at the start (capabilities, cluster identity, preflight); an
 * engine with an unknown broker would need a second state in each of its parts. {@code subscription} before the connection throws: a subscription
 * that runs without a source would report a wrong state.
 */
final class LateClient implements MessagingClient {
    private static final Logger LOG = LoggerFactory.getLogger(LateClient.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Duration DEFAULT_CLOSE = Duration.ofSeconds(30);

    private final String clientId;
    private final Supplier<MessagingClient> connect;
    private final CompletableFuture<MessagingClient> connected = new CompletableFuture<>();
    private final CountDownLatch settled = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable MessagingException latest;

    private LateClient(String clientId, Supplier<MessagingClient> connect) {
        this.clientId = clientId;
        this.connect = connect;
        connected.whenComplete((client, failure) -> settled.countDown());
    }

    /** @param connect blocks until the client is there, or throws */
    static LateClient start(String clientId, Supplier<MessagingClient> connect) {
        LateClient client = new LateClient(clientId, connect);
        Thread thread = new Thread(client::run, "oncemq-startup-" + clientId);
        thread.setDaemon(true);
        thread.start();
        return client;
    }

    private void run() {
        for (int failures = 0; !connected.isDone(); failures++) {
            boolean ignored = Thread.interrupted(); // left by a preparation
            Throwable thrown = Contained.run(this::tryOnce);
            if (thrown instanceof MessagingException again && !(thrown instanceof ConfigurationException)) {
                latest = again;
                Duration wait = Waits.doubling(FIRST_WAIT, LONGEST_WAIT, failures);
                Contained.run(() -> LOG.warn(
                        "the client cannot connect yet: client={} again={} cause={}",
                        clientId,
                        wait,
                        again.toString()));
                Uninterrupted.await(closed, wait);
            } else if (thrown != null && connected.completeExceptionally(thrown)) {
                Contained.run(
                        () -> LOG.error("the client cannot start: client={}", clientId, LoggedFailure.of(thrown)));
            }
        }
    }

    private void tryOnce() {
        MessagingClient client = connect.get();
        if (connected.complete(client)) {
            Contained.run(() -> LOG.info("the client is connected: client={}", clientId));
        } else {
            client.close(Duration.ZERO);
        }
    }

    /** @throws MessagingException if there is none yet, or there will be none */
    private MessagingClient client() {
        if (!connected.isDone()) {
            MessagingException cause = latest;
            throw new ConnectionException(
                    "the client is not connected yet" + (cause == null ? "" : ": " + cause.getMessage()), cause);
        }
        try {
            return connected.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /**
     * Blocks until the client is connected, at the longest for so long.
     *
     * @throws MessagingException if it is not connected by then, or there will be none
     */
    MessagingClient await(Duration most) throws InterruptedException {
        boolean unused = settled.await(most.toNanos(), NANOSECONDS); // what there is by then tells client()
        return client();
    }

    @Override
    public CompletableFuture<Void> connected() {
        return connected.thenApply(client -> null);
    }

    @Override
    public Capabilities capabilities() {
        return client().capabilities();
    }

    @Override
    public void pingBroker() {
        client().pingBroker();
    }

    @Override
    public void pingStore() {
        client().pingStore();
    }

    @Override
    public void ensure(DestinationSpec destination) {
        client().ensure(destination);
    }

    @Override
    public void acceptPartitions(String destination, int partitions) {
        client().acceptPartitions(destination, partitions);
    }

    @Override
    public <T> Publisher<T> publisher(String destination, Codec<T> codec, PublisherOptions options) {
        return connected.isDone()
                ? client().publisher(destination, codec, options)
                : new LatePublisher<>(this, destination, codec, options);
    }

    @Override
    public <T> SubscriptionBuilder<T> subscription(String destination, Codec<T> codec) {
        return client().subscription(destination, codec);
    }

    @Override
    public List<FoundMessage> find(String destination, MessageQuery query) {
        return client().find(destination, query);
    }

    @Override
    public void close() {
        close(DEFAULT_CLOSE);
    }

    /** What is just being connected is closed by the thread that connects it. */
    @Override
    public void close(Duration deadline) {
        connected.completeExceptionally(new ClientClosedException("the client is closed"));
        closed.countDown();
        if (!connected.isCompletedExceptionally()) {
            connected.join().close(deadline);
        }
    }
}
