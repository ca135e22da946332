package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A user who lacks exactly one right: what needs it is refused by name, and nothing beside it changes (S10). */
@NeedsRabbit
class RabbitRightsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** After so long without a message a channel forgets what it was allowed. */
    private static final Duration IDLE = Duration.ofSeconds(3);

    private static final Duration FORBIDDEN = Duration.ofMillis(7777);
    private static final Duration ALLOWED = Duration.ofMillis(50);
    private static final String NOT_THE_FORBIDDEN = "^(?!.*7777).*$";

    private static RabbitServer server;
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        server = RabbitServer.builder().build();
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void missingRightToWriteToADelayRejectsThatDelayAndDisturbsNoOther() {
        server.createUser("hasty", "word", "/", "", NOT_THE_FORBIDDEN, "");
        try (MessagingClient ensurer = as(server.user(), server.password());
                MessagingClient hasty = as("hasty", "word")) {
            ensurer.ensure(DestinationSpec.builder("delayed")
                    .group("g")
                    .delays(FORBIDDEN, ALLOWED)
                    .build());
            ensurer.ensure(DestinationSpec.builder("beside").group("g").build());
            List<CompletableFuture<Receipt>> forbidden = new ArrayList<>();
            List<CompletableFuture<Receipt>> others = new ArrayList<>();
            for (int n = 0; n < 20; n++) {
                forbidden.add(publish(hasty, "delayed", FORBIDDEN, "f" + n));
                others.add(publish(hasty, "delayed", ALLOWED, "a" + n));
                others.add(publish(hasty, "delayed", null, "n" + n));
                others.add(publish(hasty, "beside", null, "b" + n));
            }
            others.forEach(CompletableFuture::join);
            assertThat(forbidden).allSatisfy(RabbitRightsIT::assertUnauthorized);
            assertThat(events).noneMatch(PublishSessionReplaced.class::isInstance);
            server.createUser("hasty", "word", "/", "", ".*", "");
            await().atMost(PATIENCE)
                    .until(() -> !publish(hasty, "delayed", FORBIDDEN, "later")
                            .handle((receipt, refused) -> receipt == null)
                            .join());
        }
    }

    /** The server names the exchange and not the message. One message alone to that exchange is therefore certain, and so is what follows it. */
    @Test
    void aRightThatIsTakenAwayRejectsTheMessageThatAloneWasUnderWayThere() {
        server.createUser("leaver", "word", "/", "", ".*", "");
        try (MessagingClient ensurer = as(server.user(), server.password());
                MessagingClient leaver = as("leaver", "word")) {
            ensurer.ensure(
                    DestinationSpec.builder("left").group("g").delays(FORBIDDEN).build());
            ensurer.ensure(DestinationSpec.builder("stays").group("g").build());
            publish(leaver, "left", FORBIDDEN, "allowed").join();
            server.createUser("leaver", "word", "/", "", NOT_THE_FORBIDDEN, "");
            await().atMost(PATIENCE)
                    .pollDelay(IDLE)
                    .pollInterval(IDLE)
                    .untilAsserted(() -> assertUnauthorized(publish(leaver, "left", FORBIDDEN, "refused")));
            publish(leaver, "stays", null, "beside").join();
            publish(leaver, "left", null, "undelayed").join();
            assertThat(events)
                    .filteredOn(PublishSessionReplaced.class::isInstance)
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    private static void assertUnauthorized(CompletableFuture<Receipt> receipt) {
        assertThatThrownBy(receipt::join)
                .hasCauseInstanceOf(PublishRejectedException.class)
                .satisfies(failure -> assertThat(((PublishRejectedException) failure.getCause()).reason())
                        .isEqualTo(Reason.UNAUTHORIZED));
    }

    private static CompletableFuture<Receipt> publish(
            MessagingClient by, String destination, @Nullable Duration delay, String body) {
        OutboundMessage<String> message = OutboundMessage.of(body).id(body).key(body);
        return by.publisher(destination, Codecs.string()).publish(delay == null ? message : message.delay(delay));
    }

    private MessagingClient as(String user, String password) {
        return MessagingClient.builder()
                .transport(Rabbit.at("127.0.0.1:" + server.port()).login(user, password))
                .withoutIdempotency()
                .profile(Profile.DEV)
                .eventListener(events::add)
                .build();
    }
}
