package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.OutboundMessage;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.core.Events;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A seeded application against a seeded broker: whatever happens, every outcome is true and every key keeps its order. */
class PublishChaosTest {
    private static final int STEPS = 3_000;

    static Stream<Arguments> runs() {
        return IntStream.range(0, 60)
                .boxed()
                .flatMap(seed -> Stream.of(PublishOrder.values())
                        .map(order -> Arguments.of(Named.of("seed " + seed, seed), order)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everyOutcomeIsTrueAndEveryKeyKeepsItsOrder(int seed, PublishOrder order) {
        new Run(seed, order).play();
    }

    /** Nothing is decided in between: what failed is handed back in one call, again and again, in any order. */
    @ParameterizedTest
    @MethodSource("runs")
    void whatFailedIsRecoveredInItsOrder(int seed, PublishOrder order) {
        new Run(seed, order).recover();
    }

    /** One publish call and what is known of it. */
    private static final class Call {
        private final OutboundFrame frame;
        private final long deadline;
        private final CompletableFuture<Receipt> outcome;

        Call(OutboundFrame frame, long deadline, CompletableFuture<Receipt> outcome) {
            this.frame = frame;
            this.deadline = deadline;
            this.outcome = outcome;
        }
    }

    private static final class Run {
        private final Random random;
        private final ChaosBroker broker;
        private final InFlightBudget budget = new InFlightBudget(500, 1 << 20);
        private final Freezes freezes = new Freezes();
        private final Queue<Runnable> connecting = new ArrayDeque<>();
        private final Outcomes outcomes = new Outcomes(new Events(List.of()));
        private final Sender sender;
        private final List<Call> open = new ArrayList<>();
        private final List<OutboundFrame> toRepublish = new ArrayList<>();
        private final Set<String> confirmed = new HashSet<>();
        private final Set<String> rejected = new HashSet<>();
        private final Set<String> abandoned = new HashSet<>();
        private final Map<String, Integer> published = new LinkedHashMap<>();
        /** Ids that failed although no earlier message of their key was in doubt: they take a new place. */
        private final Set<String> takenBack = new HashSet<>();

        private final Map<String, OutboundFrame> frames = new HashMap<>();
        private List<CompletableFuture<Receipt>> all = new ArrayList<>();
        private long nanos = 1;

        Run(int seed, PublishOrder order) {
            random = new Random(seed);
            broker = new ChaosBroker(order, random);
            sender = new Sender(
                    broker,
                    connecting::add,
                    "chaos",
                    outcomes,
                    freezes,
                    new ShardCounts(outcomes::emit),
                    Rig.BACK_OFFS,
                    () -> nanos);
        }

        void play() {
            for (int step = 0; step < STEPS; step++) {
                step();
                hangsNothing();
            }
            heal();
            assertThat(confirmed).as("some traffic").hasSizeGreaterThan(50);
            assertThat(budget.messages()).isZero();
            assertThat(budget.bytes()).isZero();
            outcomesAreTrue();
            keysKeepTheirOrder();
        }

        void recover() {
            for (int step = 0; step < STEPS / 2; step++) {
                if (random.nextInt(3) == 0 && published.size() < 400) {
                    publishNew();
                }
                storm();
            }
            for (int round = 0; round < 30; round++) {
                broker.healed = round > 20;
                republishAll();
                for (int step = 0; step < 400; step++) {
                    storm();
                }
            }
            assertThat(all).allMatch(outcome -> outcome.isDone() && !outcome.isCompletedExceptionally());
            assertThat(freezes.anyUnknown()).isFalse();
            assertThat(budget.messages()).isZero();
            keysKeepTheirOrder();
        }

        private void storm() {
            nanos += Duration.ofMillis(random.nextInt(20)).toNanos();
            broker.step();
            sender.turn();
            if (random.nextBoolean()) {
                connectOne();
            }
            outcomes.drain();
        }

        private void republishAll() {
            Collections.shuffle(all, random);
            all = new ArrayList<>(all);
            List<Failed> failed = Failed.of(all, "orders");
            Recovery recovery = new Recovery(failed.stream()
                    .map(one -> frames.get(one.attempt().message().id()))
                    .toList());
            freezes.reserve(recovery);
            for (Failed one : failed) {
                OutboundFrame frame = frames.get(one.attempt().message().id());
                Entry entry = entry(frame, nanos + Duration.ofSeconds(2).toNanos());
                entry.order = one.order();
                entry.recovery = recovery;
                entry.unknownBefore = one.isUnknown();
                assertThat(budget.acquire(frame.size(), frame.keyHash(), true, nanos, () -> nanos))
                        .isNotNull();
                assertThat(sender.submit(entry)).isTrue();
                all.set(one.places().get(0), entry.future);
            }
        }

        private Entry entry(OutboundFrame frame, long deadline) {
            OutboundMessage<?> message = OutboundMessage.of("").id(frame.id());
            PublishFuture future = new PublishFuture(outcomes, message, null, (receipt, failure) -> {
                if (failure instanceof PublishRejectedException rejected && rejected.reason() != Reason.KEY_FROZEN) {
                    takenBack.add(frame.id());
                }
            });
            Entry entry = new Entry(frame, future, budget.share(0), deadline);
            entry.sequence = nanos;
            return entry;
        }

        private void step() {
            int dice = random.nextInt(100);
            if (dice < 30) {
                publishNew();
            } else if (dice < 55) {
                broker.step();
            } else if (dice < 85) {
                sender.turn();
            } else if (dice < 93) {
                connectOne();
            } else if (dice < 95) {
                decideAnUnknown();
            } else {
                nanos += Duration.ofMillis(random.nextInt(100)).toNanos();
                sender.turn();
            }
            outcomes.drain();
            collect();
        }

        private void publishNew() {
            String id = "m" + published.size();
            String key = random.nextInt(8) == 0 ? null : "k" + random.nextInt(6);
            published.put(id, published.size());
            publish(Rig.frame(id, key));
        }

        private void publish(OutboundFrame frame) {
            long deadline = nanos
                    + Duration.ofMillis(new int[] {300, 1_500, 6_000}[random.nextInt(3)])
                            .toNanos();
            if (budget.acquire(frame.size(), frame.keyHash(), true, nanos, () -> nanos) != null) {
                Entry entry = entry(frame, deadline);
                assertThat(sender.submit(entry)).isTrue();
                open.add(new Call(frame, deadline, entry.future));
                all.add(entry.future);
                frames.put(frame.id(), frame);
            } else {
                rejected.add(frame.id());
            }
        }

        private void connectOne() {
            Runnable task = connecting.poll();
            if (task != null) {
                task.run();
            }
        }

        private void decideAnUnknown() {
            if (!toRepublish.isEmpty()) {
                OutboundFrame frame = toRepublish.remove(0);
                if (random.nextInt(4) == 0) {
                    freezes.abandon(frame.destination(), frame.id());
                    abandoned.add(frame.id());
                } else {
                    publish(frame);
                }
            }
        }

        private void collect() {
            for (Call call : List.copyOf(open)) {
                if (call.outcome.isDone()) {
                    open.remove(call);
                    Throwable failure =
                            call.outcome.handle((receipt, cause) -> cause).join();
                    note(call.frame, failure);
                }
            }
        }

        private void note(OutboundFrame frame, Throwable failure) {
            if (failure == null) {
                confirmed.add(frame.id());
            } else if (failure instanceof PublishRejectedException) {
                rejected.add(frame.id());
            } else {
                assertThat(failure).isInstanceOf(PublishOutcomeUnknownException.class);
                if (frame.key() == null) {
                    abandoned.add(frame.id());
                } else {
                    toRepublish.add(frame);
                }
            }
        }

        private void hangsNothing() {
            sender.turn();
            outcomes.drain();
            collect();
            assertThat(open).allMatch(call -> call.deadline > nanos, "open only before the deadline");
        }

        private void heal() {
            broker.healed = true;
            for (int round = 0; round < 4_000 && !(open.isEmpty() && toRepublish.isEmpty()); round++) {
                nanos += Duration.ofMillis(20).toNanos();
                sender.turn();
                connectOne();
                broker.step();
                if (!toRepublish.isEmpty()) {
                    publish(toRepublish.remove(0));
                }
                outcomes.drain();
                collect();
            }
            assertThat(open).isEmpty();
            assertThat(toRepublish).isEmpty();
        }

        private void outcomesAreTrue() {
            Set<String> stored = new HashSet<>();
            broker.log.forEach(frame -> stored.add(frame.id()));
            assertThat(stored).as("confirmed means stored").containsAll(confirmed);
            Set<String> falselyRejected = new HashSet<>(rejected);
            falselyRejected.removeAll(confirmed);
            falselyRejected.removeAll(abandoned);
            falselyRejected.retainAll(stored);
            assertThat(falselyRejected).as("rejected means not stored").isEmpty();
        }

        /**
         * First occurrences per key stand in the order of publishing. An abandoned message may turn up anywhere, and one that
         * was refused while an earlier copy was in doubt takes a new place when it is published again.
         */
        private void keysKeepTheirOrder() {
            Map<String, Integer> lastOfKey = new HashMap<>();
            Set<String> seen = new HashSet<>();
            for (OutboundFrame frame : broker.log) {
                boolean placed = !takenBack.contains(frame.id())
                        && !abandoned.contains(frame.id())
                        && !broker.refused.contains(frame.id());
                if (frame.key() != null && placed && seen.add(frame.id())) {
                    int place = published.get(frame.id());
                    Integer before = lastOfKey.put(frame.key(), place);
                    assertThat(before == null || before < place)
                            .as("%s of %s stored behind m%s", frame.id(), frame.key(), before)
                            .isTrue();
                }
            }
        }
    }
}
