package io.oncemq.testkit.kit.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Codecs;
import io.oncemq.CrashPolicy;
import io.oncemq.Delivery;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.DeliveryCompleted;
import io.oncemq.MessagingEvent.PartitionsLost;
import io.oncemq.Profile;
import io.oncemq.Replay;
import io.oncemq.RetryPolicy;
import io.oncemq.StartPosition;
import io.oncemq.Subscription;
import io.oncemq.SubscriptionBuilder;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The child process behind {@link Member}. Each line of its ledger is one unbuffered write, so a line is whole or absent
 * however the process ends.
 */
public final class MemberMain {
    /** Time for what came with a message to begin as well. */
    private static final Duration NEIGHBOURS = Duration.ofSeconds(1);

    private final FileOutputStream ledger;
    private final AtomicInteger open = new AtomicInteger();

    private MemberMain(FileOutputStream ledger) {
        this.ledger = ledger;
    }

    /** Consumes until it is ended. Arguments: transport class, address, store URI, destination, group, ledger file, crash policy, name of a replay or nothing. */
    public static void main(String[] args) throws Exception {
        MemberMain member = new MemberMain(new FileOutputStream(args[5], true));
        MessagingClient client = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(transport(args[0]).at(args[1]))
                .idempotency(args[2])
                .eventListener(member::record)
                .build();
        SubscriptionBuilder<String> builder = client.subscription(args[3], Codecs.string())
                .group(args[4])
                .lease(Member.LEASE)
                .crashPolicy(CrashPolicy.valueOf(args[6]))
                .concurrency(Member.CONCURRENCY)
                .retry(RetryPolicy.builder()
                        .fixed(Duration.ofMillis(20))
                        .maxAttempts(Member.MAX_ATTEMPTS)
                        .build());
        if (!args[7].isEmpty()) {
            builder = builder.replay(Replay.again(args[7], StartPosition.EARLIEST));
        }
        Subscription subscription = builder.handler(member::handle).start();
        subscription.awaitTermination();
        throw new IllegalStateException(
                "the subscription ended", subscription.failure().orElse(null));
    }

    private static MemberTransport transport(String className) throws ReflectiveOperationException {
        return (MemberTransport) Class.forName(className).getConstructor().newInstance();
    }

    private void record(MessagingEvent event) {
        if (event instanceof DeliveryCompleted completed) {
            write("DONE " + completed.id());
            open.decrementAndGet();
        } else if (event instanceof PartitionsLost) {
            write("LOST");
        }
    }

    private void handle(Delivery<String> delivery) throws InterruptedException {
        String place = " " + delivery.id() + " " + delivery.key() + " " + delivery.attempt() + " "
                + delivery.fencingToken().orElse(-1);
        open.incrementAndGet();
        write("BEGIN" + place);
        String body = String.valueOf(delivery.body());
        if (body.equals(Member.HALT)) {
            awaitNeighbours();
            Runtime.getRuntime().halt(9);
        }
        if (body.equals(Member.HOLD)) {
            hold(delivery);
        }
        write("EFFECT" + place + " " + body);
        if (body.equals(Member.EFFECT_THEN_HOLD)) {
            hold(delivery);
        }
    }

    /** Those that began beside this one are as open as it is, and charged like it if the process ends before they are done. */
    private void awaitNeighbours() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        do {
            if (never.await(NEIGHBOURS.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("never");
            }
        } while (open.get() > 1);
    }

    private void hold(Delivery<String> delivery) throws InterruptedException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            write("INTERRUPTED " + delivery.id() + " " + delivery.isOwned());
            throw e;
        }
    }

    private void write(String line) {
        try {
            ledger.write((line + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
