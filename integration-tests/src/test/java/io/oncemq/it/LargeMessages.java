package io.oncemq.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DeadLetterPolicy.TooLarge;
import io.oncemq.Delivery;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.DeadLetterTooLarge;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.TransportFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;

/**
 * A client whose group {@code g} fails to handle large messages, with a long text: what the tests of S7 share. A large message has more than 100
 * bytes in its body, or a header {@link #LARGE}; the small one after it in its key is {@link #NEXT}.
 */
public final class LargeMessages implements AutoCloseable {
    public static final String LARGE = "large";
    public static final String KEY = "k";
    public static final String NEXT = "next";
    private static final Duration PATIENT = Duration.ofMinutes(2);
    private static final int SMALL = 100;

    private final String destination;
    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final MessagingClient client;
    private volatile int onlySize;

    public LargeMessages(TransportFactory transport, String destination) {
        this.destination = destination;
        this.client = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(transport)
                .idempotency(InProcessIdempotency.create())
                .eventListener(events::add)
                .build();
    }

    public static String letters(String destination) {
        return DestinationSpec.deadLetterName(destination, "g");
    }

    public MessagingClient client() {
        return client;
    }

    /** The destination with one partition, and its dead letters. */
    public LargeMessages ensure() {
        client.ensure(
                DestinationSpec.builder(destination).partitions(1).group("g").build());
        return this;
    }

    /** With a header of a size beside a small body. */
    public static OutboundMessage<byte[]> header(int size) {
        return OutboundMessage.of("body".getBytes(UTF_8)).key(KEY).header(LARGE, "x".repeat(size));
    }

    /**
     * The largest of these messages that a publisher takes; a smaller one is taken, and a larger one is rejected for its size. From then on only
     * that one fails to be handled. {@link #NEXT} is published after it.
     */
    public int publishLargest(int tooLarge, IntFunction<OutboundMessage<byte[]>> message) {
        Publisher<byte[]> publisher = client.publisher(destination, Codecs.bytes());
        int taken = 0;
        int refused = tooLarge;
        while (refused - taken > 1) {
            int size = (taken + refused) / 2;
            if (isTaken(publisher, message.apply(size))) {
                taken = size;
            } else {
                refused = size;
            }
        }
        onlySize = taken;
        publisher.publish(OutboundMessage.of(NEXT.getBytes(UTF_8)).key(KEY)).join();
        return taken;
    }

    private static boolean isTaken(Publisher<byte[]> publisher, OutboundMessage<byte[]> message) {
        try {
            publisher.publish(message).join();
            return true;
        } catch (CompletionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            PublishRejectedException.class,
                            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.TOO_LARGE));
            return false;
        }
    }

    /** Subscribes until {@link #NEXT} was handled, and so the large one before it is dead-lettered. */
    public void handle(DeadLetterPolicy policy) {
        try (Subscription ignored = subscribe(policy)) {
            awaitNext();
        }
    }

    public void awaitNext() {
        await().atMost(PATIENT).until(() -> handled.contains(NEXT));
    }

    /** Subscribes with the default policy until it is reported that a letter is too large; nothing after it was handled then. */
    public DeadLetterTooLarge hold() {
        Subscription holding = subscribe(DeadLetterPolicy.defaults());
        await().atMost(PATIENT).until(() -> tooLarge().isPresent());
        // It would wait for the letter until the deadline.
        holding.close(Duration.ZERO);
        DeadLetterTooLarge told = tooLarge().orElseThrow();
        assertThat(told.choice()).isEqualTo(TooLarge.HOLD);
        assertThat(told.to()).isEqualTo(letters(destination));
        assertThat(handled).isEmpty();
        return told;
    }

    public Subscription subscribe(DeadLetterPolicy policy) {
        return client.subscription(destination, Codecs.bytes())
                .group("g")
                .retry(RetryPolicy.builder()
                        .deadLetterOn(IllegalStateException.class)
                        .build())
                .deadLetter(policy)
                .handler(this::handle)
                .start();
    }

    private void handle(Delivery<byte[]> delivery) {
        byte[] body = delivery.body();
        String header = delivery.headers().text(LARGE);
        int size = header == null ? body.length : header.length();
        if (size > SMALL && (onlySize == 0 || size == onlySize)) {
            throw new IllegalStateException("x".repeat(5_000));
        }
        if (header == null && size <= SMALL) {
            handled.add(new String(body, UTF_8));
        }
    }

    /** By a subscription of the test's own. */
    public void handled(String text) {
        handled.add(text);
    }

    public Queue<MessagingEvent> events() {
        return events;
    }

    /** The first report of a letter that is too large. */
    public Optional<DeadLetterTooLarge> tooLarge() {
        return events.stream()
                .filter(DeadLetterTooLarge.class::isInstance)
                .map(DeadLetterTooLarge.class::cast)
                .findFirst();
    }

    @Override
    public void close() {
        client.close();
    }
}
