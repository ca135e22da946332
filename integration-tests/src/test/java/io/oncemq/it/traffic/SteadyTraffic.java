package io.oncemq.it.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.testkit.history.Event;
import io.oncemq.testkit.history.EventKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.core.ConditionFactory;

/**
 * One message of each of twelve keys every 25 ms to one destination, and groups of two members each that read them, while
 * the test breaks the servers. No process dies, so nothing explains a loss, a repetition or a message out of order.
 */
public final class SteadyTraffic implements AutoCloseable {
    private static final int KEYS = 12;

    /** After this many messages it is known to continue. */
    private static final int SHARE = 400;

    /** How many messages it is ahead of the groups at most: on a slow machine their backlog must not grow for ever. */
    private static final int LEAD = 5_000;

    private final String destination;
    private final Path folder;
    private final List<Group> groups = new ArrayList<>();
    private final AtomicInteger confirmed = new AtomicInteger();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private int rounds;

    public SteadyTraffic(String destination, Path folder) {
        this.destination = destination;
        this.folder = folder;
    }

    /** Adds a group whose members connect by themselves; they begin with {@link #start}. */
    public void group(String name, Supplier<MessagingClient> member) {
        groups.add(new Group(name, folder.resolve(name), List.of(member.get(), member.get())));
    }

    /** Begins to consume and to publish; returns when all groups are busy. */
    public void start(MessagingClient publishing) {
        groups.forEach(group -> group.consume(destination));
        Publisher<String> publisher = publishing.publisher(
                destination,
                Codecs.string(),
                PublisherOptions.builder()
                        .maxInFlight(500)
                        .deadline(Duration.ofMinutes(2))
                        .build());
        clock.scheduleAtFixedRate(() -> publishRound(publisher), 0, 25, TimeUnit.MILLISECONDS);
        patiently().until(() -> groups.stream().allMatch(group -> group.effects() > SHARE / 2));
    }

    /** Returns when some hundred more messages were confirmed and handled by each group. */
    public void awaitGoesOn() {
        int before = confirmed.get();
        patiently().until(() -> confirmed.get() > before + SHARE);
        patiently().until(() -> groups.stream().allMatch(group -> group.effects() > before + SHARE));
    }

    /** Publishes no more; each message must have been confirmed, and have one effect in each group, in its key's order. */
    public void assertOneEffectEachInOrder() throws InterruptedException {
        clock.shutdown();
        assertThat(clock.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        int published = rounds * KEYS;
        patiently().untilAsserted(() -> assertThat(confirmed).hasValue(published));
        patiently().until(() -> groups.stream().allMatch(group -> group.effects() >= published));
        groups.forEach(Group::assertOneEffectEachInOrder);
    }

    private void publishRound(Publisher<String> publisher) {
        int slowest = groups.stream().mapToInt(Group::effects).min().orElse(0);
        if (rounds * KEYS - slowest > LEAD) {
            return;
        }
        int sequence = rounds++;
        for (int n = 0; n < KEYS; n++) {
            String key = "key-" + n;
            OutboundMessage<String> message = OutboundMessage.of(Integer.toString(sequence))
                    .id(key + "-" + sequence)
                    .key(key);
            publisher.publish(message).thenRun(() -> {
                Event event = Event.now(EventKind.CONFIRMED, key, message.id(), sequence, 0, null);
                groups.forEach(group -> group.confirmed(event));
                confirmed.incrementAndGet();
            });
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(50));
    }

    @Override
    public void close() {
        clock.shutdownNow();
        groups.forEach(Group::close);
    }
}
