package io.oncemq.it.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Delivery;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.it.rabbit.SharedRabbit;
import io.oncemq.testkit.server.NeedsRabbit;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bugs that other libraries had on RabbitMQ. */
@NeedsRabbit
class RabbitFieldBugsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String destination = SharedRabbit.ensured();
    private final InProcessIdempotency store = InProcessIdempotency.create();
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> done = new CopyOnWriteArrayList<>();

    /**
     * spring-amqp #2482: a container that stopped gave up its place as the single active consumer first and then handled what
     * it had prefetched, while the next consumer was handling the messages after that.
     */
    @Test
    void theNextMemberBeginsWhenTheOneThatStopsHasEndedAndGoesOnBehindIt() throws InterruptedException {
        Held held = Held.where("5#1"::equals, done);
        Held next = Held.where(attempt -> false, done);
        try (MessagingClient stopping = client();
                MessagingClient waiting = client()) {
            publish(stopping, 0, 40);
            Subscription first = subscribe(stopping, held);
            await().until(() ->
                    held.started.contains("5#1") && SharedRabbit.raw().ready(queue()) == 0);
            subscribe(waiting, next);
            await().ignoreExceptions().until(() -> SharedRabbit.raw().consumers(destination + ".g.members") == 2);
            Thread closing = new Thread(() -> first.close(PATIENCE));
            closing.start();
            await().until(() -> first.state() == Subscription.State.CLOSING);
            publish(waiting, 40, 50);
            await().during(Duration.ofSeconds(2)).until(next.started::isEmpty);
            assertThat(held.started).hasSize(6);
            held.complete("5#1");
            closing.join();
            await().until(() -> done.size() >= 50);
        }
        assertThat(done).containsExactlyElementsOf(numbers(0, 50));
        assertThat(next.started).hasSize(44);
    }

    /**
     * spring-amqp #916: now and then a confirm does not come though the connection lives, and who waits for it waits for ever.
     * Here the queue itself stands still.
     */
    @Test
    void aConfirmThatNeverComesIsAnUnknownOutcomeByTheDeadline() throws Exception {
        String healthy = SharedRabbit.ensured();
        Held held = Held.where(attempt -> false, done);
        try (MessagingClient client = client()) {
            Publisher<String> publisher = client.publisher(destination, Codecs.string());
            Publisher<String> impatient = client.publisher(
                    destination,
                    Codecs.string(),
                    PublisherOptions.builder().deadline(Duration.ofSeconds(10)).build());
            Publisher<String> other = client.publisher(healthy, Codecs.string());
            publisher.publish(message(0)).join();
            other.publish(message(0)).join();
            suspend(true);
            CompletableFuture<Receipt> unconfirmed;
            try {
                unconfirmed = impatient.publish(message(1));
                other.publish(message(1)).join();
                assertThatThrownBy(() -> unconfirmed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(PublishOutcomeUnknownException.class);
                other.publish(message(2)).join();
            } finally {
                suspend(false);
            }
            publisher.publish(message(1)).join();
            publisher.publish(message(2)).join();
            subscribe(client, held);
            await().until(() -> done.size() >= 3);
        }
        assertThat(done).containsExactly("0", "1", "2");
    }

    /**
     * wolverine #1575: what an operator moved back from the broker's own dead-letter queue was taken for a duplicate of what
     * had failed, and dropped.
     */
    @Test
    void aDeadLetterThatIsMovedBackAsItIsIsHandledOnce() {
        Held held = Held.where("0#1"::equals, done);
        try (MessagingClient client = client()) {
            publish(client, 0, 1);
            client.subscription(destination, Codecs.string())
                    .group("g")
                    .retry(RetryPolicy.none())
                    .asyncHandler(held)
                    .start();
            await().until(() -> held.started.size() == 1);
            held.fail("0#1");
            await().until(() -> events.stream().anyMatch(DeadLettered.class::isInstance));
            moveBack();
            await().until(() -> done.equals(List.of("0")));
            publish(client, 0, 2);
            await().until(() -> done.equals(List.of("0", "1")));
            await().until(() -> events.stream()
                            .filter(DuplicateSuppressed.class::isInstance)
                            .count()
                    == 2);
        }
    }

    /** As a shovel does: body and properties as they are, and twice, for it may repeat what it has moved. */
    private void moveBack() {
        String dead = DestinationSpec.deadLetterName(destination, "g");
        SharedRabbit.raw().call(channel -> {
            BlockingQueue<Delivery> letters = new LinkedBlockingQueue<>();
            channel.basicConsume(SharedRabbit.queue(dead, 0), true, (tag, each) -> letters.add(each), tag -> {});
            Delivery letter = Objects.requireNonNull(letters.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            for (int i = 0; i < 2; i++) {
                channel.basicPublish(destination, "0/1", letter.getProperties(), letter.getBody());
            }
            return true;
        });
    }

    /** Takes the process of the queue out of the server's work, or lets it continue. */
    private void suspend(boolean on) {
        SharedRabbit.server().eval("sys:" + (on ? "suspend" : "resume") + "('%2F_" + queue() + "')");
    }

    private String queue() {
        return SharedRabbit.queue(destination, 0);
    }

    private MessagingClient client() {
        return MessagingClient.builder()
                .transport(SharedRabbit.rabbit())
                .idempotency(store)
                .profile(Profile.DEV)
                .eventListener(events::add)
                .build();
    }

    private Subscription subscribe(MessagingClient client, Held held) {
        return client.subscription(destination, Codecs.string())
                .group("g")
                .concurrency(1)
                .drainTimeout(PATIENCE)
                .asyncHandler(held)
                .start();
    }

    private void publish(MessagingClient client, int from, int to) {
        Publisher<String> publisher = client.publisher(destination, Codecs.string());
        IntStream.range(from, to).forEach(i -> publisher.publish(message(i)).join());
    }

    private static OutboundMessage<String> message(int number) {
        return OutboundMessage.of(String.valueOf(number)).id("id-" + number).key("k");
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }
}
