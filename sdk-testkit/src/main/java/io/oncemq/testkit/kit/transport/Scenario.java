package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.MessagingEvent;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.RetryPolicy;
import io.oncemq.SubscriptionBuilder;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.TransportFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** What every test of the kit has at hand: fresh destinations, clients that are closed after the test, and what happened. */
abstract class Scenario {
    static final String GROUP = "billing";

    /** Whose deadline leaves a busy disk the time for thousands, and a broker that for its restart. */
    static final PublisherOptions PATIENT =
            PublisherOptions.builder().deadline(Duration.ofMinutes(5)).build();

    final TransportFixture fixture;
    final Effects effects = new Effects();
    final EventLog events = new EventLog();

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private @Nullable MessagingClient plainClient;

    Scenario(TransportKit kit) {
        this.fixture = kit.fixture();
    }

    @BeforeEach
    final void skipWhatTheBrokerDoesNotOffer(TestInfo test) {
        test.getTestMethod()
                .filter(method -> method.isAnnotationPresent(Requires.class))
                .ifPresent(method -> assumeFalse(
                        Skips.isRuledOut(method, plainClient().capabilities()),
                        () -> "the broker does not offer "
                                + Arrays.toString(
                                        method.getAnnotation(Requires.class).value())));
    }

    @BeforeEach
    final void skipWhatNeedsUsersWithRights(TestInfo test) {
        test.getTestMethod()
                .ifPresent(method -> assumeFalse(
                        Skips.lacksItsGuard(method, fixture), "the fixture has no broker with users and rights"));
    }

    @AfterEach
    final void closeWhatIsOpen() throws Exception {
        fixture.heal();
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** Closed after the test, the last one first. */
    final <C extends AutoCloseable> C closing(C resource) {
        open.push(resource);
        return resource;
    }

    final MessagingClient client() {
        return open(MessagingClient.builder().idempotency(fixture.store()), events);
    }

    final MessagingClient client(EventLog log) {
        return open(MessagingClient.builder().idempotency(fixture.store()), log);
    }

    /** One of another transport. */
    final MessagingClient client(TransportFactory transport, EventLog log) {
        return open(MessagingClient.builder().idempotency(fixture.store()), transport, log);
    }

    final MessagingClient clientWithoutStore() {
        return open(MessagingClient.builder().withoutIdempotency(), events);
    }

    private MessagingClient open(MessagingClientBuilder builder, EventLog log) {
        return open(builder, fixture.transport(), log);
    }

    private MessagingClient open(MessagingClientBuilder builder, TransportFactory transport, EventLog log) {
        MessagingClient client = builder.profile(Profile.DEV)
                .virtualThreads(fixture.virtualThreads())
                .transport(transport)
                .eventListener(log)
                .build();
        open.push(() -> client.close(Duration.ofSeconds(5)));
        return client;
    }

    /** A client that publishes and creates; the same through a test. */
    final MessagingClient plainClient() {
        if (plainClient == null) {
            plainClient = clientWithoutStore();
        }
        return plainClient;
    }

    /** A fresh destination, with dead letters for {@link #GROUP}. */
    final String destination(int partitions) {
        return destination(partitions, GROUP);
    }

    final String destination(int partitions, String... groups) {
        return destination(spec -> spec, partitions, groups);
    }

    /** A fresh destination whose messages can be replayed. */
    final String replayable(int partitions) {
        return destination(spec -> spec.toBuilder().history(Duration.ofHours(1)).build(), partitions, GROUP);
    }

    private String destination(UnaryOperator<DestinationSpec> more, int partitions, String... groups) {
        return named("kit-" + UUID.randomUUID(), more, partitions, groups);
    }

    /** A fresh destination of that name, with dead letters for its groups. */
    final String named(String name, int partitions, String... groups) {
        return named(name, spec -> spec, partitions, groups);
    }

    private String named(String name, UnaryOperator<DestinationSpec> more, int partitions, String... groups) {
        DestinationSpec spec =
                more.apply(DestinationSpec.builder(name).partitions(partitions).build());
        for (String group : groups) {
            spec = spec.toBuilder().group(group).build();
        }
        plainClient().ensure(spec);
        fixture.created(spec.name());
        for (String group : groups) {
            fixture.created(DestinationSpec.deadLetterName(spec.name(), group));
        }
        return spec.name();
    }

    /** A patient one of {@link #plainClient}. */
    final Publisher<String> publisher(String destination) {
        return plainClient().publisher(destination, Codecs.string(), PATIENT);
    }

    static OutboundMessage<String> message(String id, String key, String body) {
        return OutboundMessage.of(body).id(id).key(key);
    }

    /** A message whose body is its id. */
    static OutboundMessage<String> message(String id, String key) {
        return message(id, key, id);
    }

    /** Publishes and waits for the confirms. */
    @SafeVarargs
    final List<Receipt> publish(String destination, OutboundMessage<String>... messages) {
        return publish(destination, Arrays.asList(messages));
    }

    final List<Receipt> publish(String destination, List<OutboundMessage<String>> messages) {
        return publisher(destination).publishAll(messages).stream()
                .map(CompletableFuture::join)
                .toList();
    }

    /** A subscription of {@link #GROUP} that retries without losing time. */
    static SubscriptionBuilder<String> subscribe(MessagingClient client, String destination) {
        return subscribe(client, destination, GROUP);
    }

    static SubscriptionBuilder<String> subscribe(MessagingClient client, String destination, String group) {
        return client.subscription(destination, Codecs.string())
                .group(group)
                .retry(RetryPolicy.fixed(Duration.ofMillis(20)));
    }

    /** A key with this prefix whose place among this many shards is the given one. */
    static String keyOf(int shard, int shards, String prefix) {
        return Stream.iterate(0, n -> n + 1)
                .map(n -> prefix + n)
                .filter(key -> KeyHash.place(KeyHash.of(key), shards) == shard)
                .findFirst()
                .orElseThrow();
    }

    final ConditionFactory await() {
        return Awaitility.await().atMost(fixture.patience()).pollInterval(Duration.ofMillis(10));
    }

    /** Holds at once and keeps holding for the time. */
    final void holdsFor(Duration time, ThrowingRunnable assertion) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .pollDelay(Duration.ZERO)
                .during(time)
                .atMost(time.plus(fixture.patience()))
                .failFast(assertion)
                .until(() -> true);
    }

    /** Waits for so many effects; one more that has come by then is one too many. */
    final void awaitEffects(int count) {
        awaitAtLeastEffects(count);
        assertThat(effects.size())
                .as("effects, repeated: %s", effects.repeated())
                .isEqualTo(count);
    }

    /** Waits for so many effects while more are to come, or where some may be repeated. */
    final void awaitAtLeastEffects(int count) {
        await().untilAsserted(() -> assertThat(effects.size()).isGreaterThanOrEqualTo(count));
    }

    /** Waits until each has had an effect. */
    final void awaitHandled(String... ids) {
        await().untilAsserted(() -> assertThat(effects.ids()).contains(ids));
    }

    final <E extends MessagingEvent> E awaitEvent(Class<E> type) {
        await().untilAsserted(() -> assertThat(events.of(type)).isNotEmpty());
        return events.of(type).get(0);
    }

    /** Waits for what another thread signals. */
    final void awaitSignal(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(fixture.patience().toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }
}
