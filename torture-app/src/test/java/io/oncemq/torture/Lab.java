package io.oncemq.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Backlog;
import io.oncemq.Codecs;
import io.oncemq.Delivery;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import io.oncemq.RetryPolicy;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.Providers;
import io.oncemq.torture.check.Judge;
import io.oncemq.torture.check.Judgement;
import io.oncemq.torture.history.HistoryFile;
import io.oncemq.torture.history.HistoryFolder;
import io.oncemq.torture.history.Kind;
import io.oncemq.torture.history.PublishOutcome;
import io.oncemq.torture.history.Recorder;
import io.oncemq.torture.history.RunBounds;
import io.oncemq.torture.history.RunRecorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** A small run in one JVM: the messages {@code k1-1} to {@code k4-10}, published first and handled then, witnessed like in a real run. */
final class Lab implements AutoCloseable {
    static final int KEYS = 4;
    static final int EACH = 10;
    static final int MAX_IN_FLIGHT = 12;
    /** Long enough for a busy machine: a claim that lapses by itself is another finding than the one that a test provokes. */
    static final Duration LEASE = Duration.ofSeconds(6);

    /** Nothing is done to the servers that they would have to recover from. */
    static final Duration RECOVERY = Duration.ofSeconds(1);

    private static final String GROUP = "workers";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String broker;
    private final String store;
    private final String destination;
    private final Path folder;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final RunRecorder run;
    private final Recorder publishing;

    /** What a handler does; the usual is an effect. */
    interface Work {
        void handle(Delivery<String> delivery, Recorder recorder, long sequence, long token) throws Exception;
    }

    static final Work EFFECT =
            (delivery, recorder, sequence, token) -> recorder.effect(delivery.id(), delivery.key(), sequence, token);

    Lab(String broker, String store, String destination, Path folder, boolean exclusive) {
        this.broker = broker;
        this.store = store;
        this.destination = destination;
        this.folder = folder;
        this.run = new RunRecorder(opened(HistoryFile.open(folder, "driver")));
        this.publishing = new Recorder(opened(HistoryFile.open(folder, "producer")));
        run.configured(new RunBounds(
                LEASE,
                Duration.ofMinutes(5),
                Duration.ofDays(1),
                Duration.ofMinutes(2),
                RECOVERY,
                PATIENCE,
                2 * MAX_IN_FLIGHT,
                4,
                RetryPolicy.defaults().maxAttempts(),
                Duration.ZERO,
                exclusive));
    }

    private <C extends AutoCloseable> C opened(C resource) {
        open.push(resource);
        return resource;
    }

    static List<String> ids() {
        List<String> ids = new ArrayList<>();
        for (int key = 1; key <= KEYS; key++) {
            for (int sequence = 1; sequence <= EACH; sequence++) {
                ids.add("k" + key + "-" + sequence);
            }
        }
        return ids;
    }

    private static String key(String id) {
        return id.substring(0, id.indexOf('-'));
    }

    private static long sequence(String id) {
        return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    /** @param forgotten a message whose future does not complete */
    void publish(Mutation mutation, String forgotten) throws Exception {
        try (MessagingClient client = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(mutation.publishing().apply(Kafka.at(broker)))
                .withoutIdempotency()
                .build()) {
            client.ensure(DestinationSpec.builder(destination)
                    .partitions(1)
                    .group(GROUP)
                    .build());
            try (Publisher<String> publisher = client.publisher(destination, Codecs.string())) {
                for (String id : ids()) {
                    publishing.publishInvoked(id, key(id), sequence(id));
                    CompletableFuture<Receipt> future =
                            publisher.publish(OutboundMessage.of(id).id(id).key(key(id)));
                    PublishOutcome outcome = outcome(future);
                    if (id.equals(forgotten)) {
                        publishing.publishStillOpen(id);
                    } else {
                        publishing.publishEnded(id, outcome);
                    }
                }
            }
        }
    }

    private static PublishOutcome outcome(CompletableFuture<Receipt> future) throws Exception {
        try {
            future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return PublishOutcome.CONFIRMED;
        } catch (ExecutionException refused) {
            assertThat(refused).hasCauseInstanceOf(PublishRejectedException.class);
            return PublishOutcome.REJECTED;
        }
    }

    /** A consumer that works. */
    record Working(Witness witness, MessagingClient client, Recorder recorder) {
        long unsettled() {
            return witness.unsettled();
        }

        /** Closes it as a run closes what it has, with so much patience. */
        void leave(Duration patience) {
            Closing.watch("a consumer's close()", () -> client.close(patience.dividedBy(2)), patience, recorder);
        }
    }

    /** Starts a consumer; it stays until the end. */
    Working consume(String name, Mutation mutation, Work work) {
        run.starting(name);
        Recorder recorder = new Recorder(opened(HistoryFile.open(folder, name)));
        Witness witness = new Witness(recorder, new Orders(folder.resolve("no-orders"), hook -> {}));
        MessagingClient client = opened(MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(
                        mutation.engine().apply(witness.over(mutation.broker().apply(Kafka.at(broker)))))
                .idempotency(witness.over(mutation.store().apply(Providers.store(store))))
                .clusterName(Terms.CLUSTER)
                .build());
        client.subscription(destination, Codecs.string())
                .group(GROUP)
                .concurrency(4)
                .maxInFlight(MAX_IN_FLIGHT)
                .lease(LEASE)
                .retry(RetryPolicy.builder().deadLetterOn(PoisonException.class).build())
                .handler(delivery -> handle(delivery, recorder, work))
                .start();
        return new Working(witness, client, recorder);
    }

    private static void handle(Delivery<String> delivery, Recorder recorder, Work work) throws Exception {
        String id = delivery.id();
        long token = delivery.fencingToken().orElse(0);
        recorder.handlerStarted(id, delivery.key(), sequence(id), token, delivery.attempt());
        boolean failed = true;
        try {
            work.handle(delivery, recorder, sequence(id), token);
            failed = false;
        } finally {
            recorder.handlerEnded(id, delivery.key(), token, failed);
        }
    }

    /** Waits until all is settled, and judges. */
    Judgement judge(BooleanSupplier settled) {
        awaitSettled(settled);
        run.quiescent();
        return judgement();
    }

    /** Waits until all is settled, reads the dead letters, and judges. */
    Judgement judgeWithDeadLetters(BooleanSupplier settled, Set<String> expected) {
        awaitSettled(settled);
        run.quiescent();
        try (BrokerTransport transport = Kafka.at(broker).open("driver")) {
            String letters = DestinationSpec.deadLetterName(destination, GROUP);
            DeadLetterReader.read(transport, letters, expected, new Stop()).forEach(run::deadLetterFound);
        }
        run.deadLettersRead();
        return judgement();
    }

    /** Waits until all is settled, and gives up because the broker holds more for the group all the same. */
    Judgement judgeWithBacklog(BooleanSupplier settled) {
        awaitSettled(settled);
        try (BrokerTransport transport = Kafka.at(broker).open("driver")) {
            await("the broker holds messages").atMost(PATIENCE).during(LEASE).until(() -> backlog(transport) > 0);
        }
        run.gaveUp("the broker holds messages");
        return judgement();
    }

    private long backlog(BrokerTransport transport) {
        return transport.backlog(destination, GROUP).stream()
                .mapToLong(Backlog::messages)
                .sum();
    }

    void awaitSettled(BooleanSupplier settled) {
        await("all is settled").atMost(PATIENCE).until(settled::getAsBoolean);
    }

    /** What the history comes to as it stands. */
    Judgement judgement() {
        return Judge.of(new HistoryFolder(folder));
    }

    /** Whether a process has written down something of this kind. */
    boolean wrote(String process, Kind kind) {
        AtomicBoolean found = new AtomicBoolean();
        new HistoryFolder(folder).forEach(event -> {
            if (event.process().equals(process) && event.kind() == kind) {
                found.set(true);
            }
        });
        return found.get();
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("could not be closed", e);
            }
        }
    }
}
