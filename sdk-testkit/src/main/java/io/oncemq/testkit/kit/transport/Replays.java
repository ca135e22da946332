package io.oncemq.testkit.kit.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.Headers;
import io.oncemq.MessageHandler;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.MessagingEvent.ReplayEnded;
import io.oncemq.OutboundMessage;
import io.oncemq.Replay;
import io.oncemq.RetryPolicy;
import io.oncemq.StartPosition;
import io.oncemq.Subscription;
import io.oncemq.core.WireHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class Replays extends Scenario {
    private static final int KEYS = 7;
    private static final Replay REPAIR = Replay.again("repair", StartPosition.EARLIEST);

    Replays(TransportKit kit) {
        super(kit);
    }

    @Test
    @Requires(Feature.REPLAY)
    @DisplayName("handles each message once more per name, in order, ends by itself, and the group continues unchanged")
    final void handlesEachOnceMorePerNameAndTheGroupGoesOnUntouched() throws Exception {
        String orders = replayable(3);
        Subscription live =
                subscribe(client(), orders).handler(effects.by("live")).start();
        publish(orders, messages("m", 60));
        awaitEffects(60);
        replay(
                client(),
                orders,
                REPAIR,
                effects.by("repair", delivery -> assertThat(delivery.replay()).contains("repair")));
        assertThat(of("repair")).hasSize(60);
        assertOrder("repair");
        assertThat(awaitEvent(ReplayEnded.class).replay()).isEqualTo(REPAIR);

        publish(orders, messages("later", 14));
        await().until(() -> of("live").size() == 74);
        assertThat(of("repair")).hasSize(60);
        replay(client(), orders, REPAIR, effects.by("started-again"));
        assertThat(of("started-again")).extracting(Effect::id).allMatch(id -> id.startsWith("later"));
        replay(client(), orders, Replay.again("second", StartPosition.at(anHourAgo())), effects.by("second"));
        assertThat(of("second")).hasSize(74);
        assertOrder("second");
        assertThat(of("live")).hasSize(74);
        assertThat(live.state()).isEqualTo(Subscription.State.RUNNING);
    }

    @Test
    @Requires(Feature.REPLAY)
    @DisplayName("ends at what was there when it started, though more comes while it runs")
    final void endsAtWhatWasThereWhenItStarted() throws Exception {
        String orders = replayable(1);
        publish(orders, messages("m", 30));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch more = new CountDownLatch(1);
        Subscription replay = start(client(), orders, REPAIR, effects.by("repair", delivery -> {
            begun.countDown();
            awaitSignal(more);
        }));
        awaitSignal(begun);
        publish(orders, messages("later", 30));
        more.countDown();
        awaitEnd(replay);
        assertThat(effects.ids()).hasSize(30).noneMatch(id -> id.startsWith("later"));
    }

    @Test
    @Requires(Feature.REPLAY)
    @DisplayName("gaps: only what the group never handled is handled")
    final void gapsHandleOnlyWhatTheGroupNeverHandled() throws Exception {
        String orders = replayable(2);
        MessagingClient first = client();
        subscribe(first, orders).handler(effects.by("live")).start();
        publish(orders, messages("done", 20));
        awaitEffects(20);
        first.close();
        MessagingClient forgetful = clientWithoutStore();
        subscribe(forgetful, orders).handler(effects.by("lost")).start();
        publish(orders, messages("gap", 20));
        awaitAtLeastEffects(40);
        forgetful.close();

        replay(client(), orders, Replay.gaps("fill", StartPosition.at(anHourAgo())), effects.by("gaps"));
        assertThat(of("gaps"))
                .extracting(Effect::id)
                .containsExactlyInAnyOrderElementsOf(
                        messages("gap", 20).stream().map(OutboundMessage::id).toList());
        assertOrder("gaps");
    }

    @Test
    @Requires(Feature.REPLAY)
    @DisplayName(
            "D2 D4 a process killed in the middle of a replay: started again under its name, it repeats its crash window only")
    final void killedMidwayAndStartedAgainRepeatsOnlyItsCrashWindow() throws Exception {
        String orders = replayable(4);
        publish(orders, messages("m", 2_000));
        Member victim = closing(Member.replaying(fixture, orders, GROUP, REPAIR.name()));
        await().until(() -> victim.ledger().effects().size() > 100);
        victim.kill();
        Ledger before = victim.ledger();
        replay(client(), orders, REPAIR, effects.by("survivor"));

        Set<String> handled = new HashSet<>(before.effects());
        handled.addAll(effects.ids());
        assertThat(handled).hasSize(2_000);
        Set<String> repeated = new HashSet<>(before.effects());
        repeated.retainAll(effects.ids());
        assertThat(repeated).doesNotContainAnyElementsOf(before.done()).hasSizeLessThanOrEqualTo(Member.CONCURRENCY);
        assertThat(effects.repeated()).isEmpty();
        assertFirstEffectsInOrder(Stream.concat(before.all("victim").stream(), effects.all().stream())
                .toList());
    }

    @Test
    @Requires(Feature.REPLAY)
    @DisplayName("several processes of one replay handle each message once between them, and all end")
    final void severalProcessesHandleEachOnceBetweenThem() throws Exception {
        String orders = replayable(4);
        publish(orders, messages("m", 300));
        Subscription one = start(client(), orders, REPAIR, effects.by("one"));
        Subscription other = start(client(), orders, REPAIR, effects.by("other"));
        awaitEnd(one);
        awaitEnd(other);
        assertThat(effects.size()).isEqualTo(300);
        assertThat(effects.repeated()).isEmpty();
        assertThat(effects.overlaps()).isEmpty();
    }

    @Test
    @Requires({Feature.REPLAY, Feature.DEAD_LETTER})
    @DisplayName(
            "what fails for good in a replay lies in the group's dead letters, and is handled once when it is sent back")
    final void deadLettersAreTheGroupsAndComeBackAfterARedrive() throws Exception {
        String orders = replayable(1);
        subscribe(client(), orders).handler(effects.by("live")).start();
        publish(orders, message("1", "a"), message("2", "a"));
        awaitHandled("1", "2");
        Subscription replay = subscribe(client(), orders)
                .retry(RetryPolicy.none())
                .replay(REPAIR)
                .handler(effects.by("repair", delivery -> {
                    if (delivery.id().equals("1")) {
                        throw new IllegalStateException("not yet");
                    }
                }))
                .start();
        awaitEnd(replay);
        assertThat(of("repair")).extracting(Effect::id).containsExactly("2");
        assertThat(awaitEvent(DeadLettered.class).to()).isEqualTo(DestinationSpec.deadLetterName(orders, GROUP));
        RawMessage dead =
                fixture.readRaw(DestinationSpec.deadLetterName(orders, GROUP)).get(0);
        Headers redriven =
                dead.headers().toBuilder().set(WireHeaders.GENERATION, "1").build();
        fixture.publishRaw(orders, new RawMessage("a", redriven, "mended".getBytes(UTF_8)));
        publish(orders, message("end", "a"));
        awaitHandled("end");
        assertThat(of("live")).extracting(Effect::body).containsExactly("1", "2", "mended", "end");
    }

    private void replay(MessagingClient client, String destination, Replay replay, MessageHandler<String> handler)
            throws InterruptedException {
        awaitEnd(start(client, destination, replay, handler));
    }

    private static Subscription start(
            MessagingClient client, String destination, Replay replay, MessageHandler<String> handler) {
        return subscribe(client, destination).replay(replay).handler(handler).start();
    }

    private void awaitEnd(Subscription replay) throws InterruptedException {
        assertThat(replay.awaitTermination(fixture.patience())).as("ended").isTrue();
        assertThat(replay.failure()).isEmpty();
        assertThat(replay.state()).isEqualTo(Subscription.State.CLOSED);
    }

    private static List<OutboundMessage<String>> messages(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> message(prefix + n, "key-" + n % KEYS, Integer.toString(n)))
                .toList();
    }

    private List<Effect> of(String consumer) {
        return effects.all().stream()
                .filter(effect -> effect.consumer().equals(consumer))
                .toList();
    }

    /** No id twice, and each key in the order of publishing; later batches count by themselves. */
    private void assertOrder(String consumer) {
        List<Effect> all = of(consumer);
        assertThat(all).extracting(Effect::id).doesNotHaveDuplicates();
        assertFirstEffectsInOrder(
                all.stream().filter(effect -> !effect.id().startsWith("later")).toList());
    }

    private static void assertFirstEffectsInOrder(List<Effect> all) {
        for (int key = 0; key < KEYS; key++) {
            String name = "key-" + key;
            assertThat(all.stream()
                            .filter(effect -> name.equals(effect.key()))
                            .map(effect -> Integer.valueOf(String.valueOf(effect.body())))
                            .distinct()
                            .toList())
                    .as(name)
                    .isSorted();
        }
    }

    private static Instant anHourAgo() {
        return Clock.systemUTC().instant().minus(Duration.ofHours(1));
    }
}
