package io.oncemq.it.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Backlog;
import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Subscription;
import io.oncemq.it.rocket.RocketRig;
import io.oncemq.rocket.Rocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bugs that the pull consumer of RocketMQ's own client had. There is no store, so that nothing but positions matters. */
@Tag("slow")
class RocketFieldBugsIT {
    private static final int MESSAGES = 30;

    private final String destination = RocketRig.name();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final MessagingClient first = client();

    @AfterEach
    void close() {
        first.close(Duration.ofSeconds(1));
    }

    /**
     * rocketmq #2732: a queue went to another member and came back while messages of it were still here; the old pull went on
     * under the new ownership, and put the position after messages that no member had received.
     */
    @Test
    void aQueueThatWentAndCameBackGoesOnWhereTheOtherMemberStopped() {
        first.ensure(
                DestinationSpec.builder(destination).partitions(2).group("g").build());
        for (int i = 0; i < MESSAGES; i++) {
            publish("0-" + i);
            publish("1-" + i);
        }
        Held held = Held.where(attempt -> attempt.endsWith("-10#1"), done);
        Subscription subscription = subscribe(first, held);
        await().until(() -> held.started.containsAll(List.of("0-10#1", "1-10#1")));
        char moved;
        try (MessagingClient second = client()) {
            Held other = Held.where(attempt -> attempt.contains("-20#"), done);
            subscribe(second, other);
            await().until(() -> done.contains("0-19") || done.contains("1-19"));
            moved = other.started.get(0).charAt(0);
            await().until(() -> held.attempts(moved + "-10") == 1 && position(subscription, moved) == 20);
            second.close(Duration.ofSeconds(1));
        }
        held.complete(moved + "-10#1");
        await().until(() -> done.contains(moved + "-" + (MESSAGES - 1)));
        char kept = moved == '0' ? '1' : '0';
        assertThat(position(subscription, kept)).isEqualTo(10);
        held.complete(kept + "-10#1");
        await().until(() -> position(subscription, '0') == MESSAGES && position(subscription, '1') == MESSAGES);
        for (char queue : new char[] {'0', '1'}) {
            assertThat(done.stream().filter(each -> each.charAt(0) == queue).distinct())
                    .containsExactlyElementsOf(IntStream.range(0, MESSAGES)
                            .mapToObj(n -> queue + "-" + n)
                            .toList());
        }
        assertThat(held.attempts(moved + "-11")).isZero();
    }

    private static MessagingClient client() {
        return MessagingClient.builder()
                .transport(Rocket.at(RocketRig.server().nameServer()).lockExpiry(RocketRig.LOCK_EXPIRY))
                .withoutIdempotency()
                .profile(Profile.DEV)
                .build();
    }

    private Subscription subscribe(MessagingClient client, Held held) {
        return client.subscription(destination, Codecs.string())
                .group("g")
                .deadLetter(DeadLetterPolicy.block())
                .drainTimeout(Duration.ofMillis(200))
                .asyncHandler(held)
                .start();
    }

    /** Bodies begin with the number of their queue. */
    private void publish(String body) {
        String key = RocketRig.keyFor(body.charAt(0) - '0', 2);
        first.publisher(destination, Codecs.string())
                .publish(OutboundMessage.of(body).key(key))
                .join();
    }

    private static long position(Subscription subscription, char queue) {
        return subscription.backlog().stream()
                .filter(each -> each.partition().equals("broker-" + queue + "-0"))
                .mapToLong(Backlog::position)
                .findFirst()
                .orElseThrow();
    }
}
