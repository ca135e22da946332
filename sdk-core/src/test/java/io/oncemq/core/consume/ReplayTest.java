package io.oncemq.core.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConfigurationException;
import io.oncemq.Headers;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.ReplayEnded;
import io.oncemq.MessagingEvent.SubscriptionFailed;
import io.oncemq.Replay;
import io.oncemq.RetryPolicy;
import io.oncemq.StartPosition;
import io.oncemq.Subscription;
import io.oncemq.core.DerivedIds;
import io.oncemq.core.WireHeaders;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Design 9: a replay names a generation, or only fills gaps. */
class ReplayTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration REMEMBERED = Duration.ofDays(7);
    private static final StartPosition LAST_MONTH = StartPosition.at(NOW.minus(Duration.ofDays(30)));
    private static final StartPosition YESTERDAY = StartPosition.at(NOW.minus(Duration.ofDays(1)));

    private final SwitchedStore store = new SwitchedStore(
            InProcessIdempotency.create(Clock.systemUTC(), REMEMBERED).open());
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private EngineHarness engine = new EngineHarness(store);

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void aNamedReplayHandlesOnceMoreAndANameOnlyOnce() {
        deliver(null, "1");
        deliver(Replay.again("repair", LAST_MONTH), "1");
        deliver(Replay.again("repair", LAST_MONTH), "1");
        deliver(Replay.again("second", LAST_MONTH), "1");
        assertThat(handled).containsExactly("1", "1 repair", "1 second");
    }

    @Test
    void gapsAreWhatTheGroupNeverHandled() {
        deliver(null, "1");
        deliver(Replay.gaps("fill", YESTERDAY), "1");
        deliver(Replay.gaps("fill", YESTERDAY), "2");
        deliver(null, "2");
        assertThat(handled).containsExactly("1", "2");
    }

    @Test
    void readsUnderANameOfItsOwnAndFromItsOwnStart() {
        start(Replay.again("repair", LAST_MONTH));
        assertThat(engine.source.spec).isNotNull();
        assertThat(engine.source.spec.group()).isEqualTo("billing@replay.repair");
        assertThat(engine.source.spec.startAt()).isEqualTo(LAST_MONTH);
        assertThat(engine.source.spec.replay()).isTrue();
        assertThat(Replay.gaps("repair", YESTERDAY).reader("billing")).isEqualTo("billing@gaps.repair");
    }

    @Test
    void closesByItselfAtItsEnd() throws Exception {
        Replay replay = Replay.again("repair", LAST_MONTH);
        Subscription subscription = start(replay);
        engine.source.listener().onEnd();
        assertThat(subscription.awaitTermination(Duration.ofSeconds(30))).isTrue();
        assertThat(subscription.state()).isEqualTo(Subscription.State.CLOSED);
        assertThat(subscription.group()).isEqualTo("billing");
        assertThat(engine.events(ReplayEnded.class))
                .containsExactly(new ReplayEnded("orders", "billing@replay.repair", replay));
        assertThat(engine.events(SubscriptionFailed.class)).isEmpty();
    }

    /** The letter carries the scope of the replay: the group has done the message itself, and would suppress it otherwise. */
    @Test
    void aDeadLetterOfAReplayCanBeRedrivenThoughTheGroupHasHandledTheMessage() {
        deliver(null, "1");
        renew();
        engine.start(
                engine.subscribe().retry(RetryPolicy.none()).replay(Replay.again("repair", LAST_MONTH)), delivery -> {
                    throw new IllegalStateException("no");
                });
        engine.source.deliver(engine.source.assign("orders-0"), "1", "a");
        await().until(() -> !engine.deadLetters.isEmpty());
        Headers letter = engine.deadLetters.get(0).headers();
        assertThat(engine.deadLetters.get(0).destination()).isEqualTo("orders.billing.dlq");
        assertThat(letter.text(WireHeaders.DEAD_LETTER_GROUP)).isEqualTo("billing");

        renew();
        start(null);
        Headers redriven = letter.toBuilder()
                .set("ce_id", String.valueOf(letter.text(WireHeaders.DEAD_LETTER_ID)))
                .set(WireHeaders.GENERATION, "1")
                .build();
        deliver(redriven);
        await().until(() -> handled.size() == 2);
        assertThat(handled).containsExactly("1", "1 repair");
    }

    @Test
    void aMessageThatCameBackFromOneReplayIsItselfInAnother() {
        String first = ReplayScope.of("orders", "repair");
        assertThat(ReplayScope.of(first, "second")).isEqualTo(ReplayScope.of("orders", "second"));
        assertThat(ReplayScope.replay(first)).contains("repair");
        assertThat(ReplayScope.replay("orders")).isEqualTo(Optional.empty());
    }

    @Test
    void whatIsDerivedInANamedReplayHasOtherIds() {
        String live = DerivedIds.of("orders", "1", "billing", 0, "mails", "");
        String again = DerivedIds.of(ReplayScope.of("orders", "repair"), "1", "billing", 0, "mails", "");
        assertThat(again).isNotEqualTo(live);
    }

    @Test
    void gapsBehindTheStoresMemoryAreRefused() {
        assertThat(refusal(Replay.gaps("fill", LAST_MONTH))).contains("rememberFor = PT168H");
        assertThat(refusal(Replay.gaps("fill", StartPosition.EARLIEST))).contains("would count as gaps");
        engine.source.retention = Duration.ofDays(8);
        assertThat(refusal(Replay.gaps("fill", StartPosition.EARLIEST))).contains("would count as gaps");
    }

    @Test
    void gapsFromTheEarliestAreFilledWhereTheBrokerForgetsFirst() {
        engine.source.retention = Duration.ofDays(6);
        start(Replay.gaps("fill", StartPosition.EARLIEST));
        assertThat(engine.source.isOpen()).isTrue();
    }

    @Test
    void isRefusedByNameWhereNothingCanBeReplayed() {
        engine.source.history = false;
        ConfigurationException refusal = catchThrowableOfType(
                ConfigurationException.class, () -> start(Replay.again("repair", StartPosition.EARLIEST)));
        assertThat(refusal.property()).isEqualTo("replay");
        assertThat(refusal.remedy()).contains("history");
        assertThat(engine.source.isOpen()).isFalse();
    }

    @Test
    void needsAStoreAndNoStartOfItsOwn() {
        Replay replay = Replay.again("repair", StartPosition.EARLIEST);
        assertThat(catchThrowableOfType(
                        ConfigurationException.class,
                        () -> engine.start(engine.subscribe(false).replay(replay), delivery -> {})))
                .hasMessageContaining("idempotency store");
        assertThat(catchThrowableOfType(
                        ConfigurationException.class,
                        () -> engine.start(
                                engine.subscribe().startAt(StartPosition.LATEST).replay(replay), delivery -> {})))
                .hasMessageContaining("startAt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "-a", "ä", "a/b", "a#b"})
    void refusesNamesThatBrokersWouldNotTake(String name) {
        assertThat(catchThrowableOfType(ConfigurationException.class, () -> Replay.again(name, StartPosition.EARLIEST)))
                .hasMessageContaining("replay.name");
    }

    @Test
    void theLatestIsNoStartOfAReplay() {
        assertThat(catchThrowableOfType(ConfigurationException.class, () -> Replay.gaps("fill", StartPosition.LATEST)))
                .hasMessageContaining("replay.from");
    }

    private String refusal(Replay replay) {
        return catchThrowableOfType(ConfigurationException.class, () -> start(replay))
                .getMessage();
    }

    /** Another process, with the same store. */
    private void renew() {
        engine.close();
        engine = new EngineHarness(store);
    }

    private Subscription start(@Nullable Replay replay) {
        engine.clock = Clock.fixed(NOW, ZoneOffset.UTC);
        var builder = engine.subscribe();
        if (replay != null) {
            builder = builder.replay(replay);
        }
        return engine.start(
                builder,
                delivery -> handled.add((delivery.id() + " " + delivery.replay().orElse("")).strip()));
    }

    /** In a process of its own that ends afterwards. */
    private void deliver(@Nullable Replay replay, String id) {
        renew();
        start(replay);
        Shard shard = engine.source.assign("orders-0");
        int suppressed = engine.events(DuplicateSuppressed.class).size() + handled.size();
        engine.source.deliver(shard, id, "a");
        await().until(() -> engine.events(DuplicateSuppressed.class).size() + handled.size() > suppressed
                && engine.source.through(shard) == 0);
    }

    private void deliver(Headers headers) {
        byte[] body = "body".getBytes(UTF_8);
        engine.source
                .listener()
                .onMessages(
                        engine.source.assign("orders-0"),
                        List.of(InboundMessage.builder(0, 0)
                                .key("a")
                                .headers(headers)
                                .body(body)
                                .build()));
    }
}
