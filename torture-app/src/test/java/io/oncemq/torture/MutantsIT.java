package io.oncemq.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.torture.check.Judgement;
import io.oncemq.torture.check.Rule;
import io.oncemq.torture.history.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library with one protection taken out raises the alarm of the check that watches it, on a real broker and a real store. */
class MutantsIT {
    private static final KafkaServer KAFKA = KafkaServer.builder().asProcess().build();
    private static final RedisServer REDIS = RedisServer.builder().asProcess().build();
    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final String ONE = "k2-3";
    private static final String NONE = "";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ALL = Lab.ids().size();

    @TempDir
    static Path folder;

    private final CountDownLatch end = new CountDownLatch(1);

    @BeforeAll
    static void start() {
        KAFKA.start();
        REDIS.start();
    }

    @AfterAll
    static void stop() {
        try (KAFKA) {
            REDIS.close();
        }
    }

    @Test
    void theLibraryAsItIsRaisesNone() throws Exception {
        try (Lab lab = lab(true)) {
            lab.publish(Mutation.NONE, NONE);
            AtomicInteger handled = new AtomicInteger();
            Lab.Working consumer = lab.consume("c.1", Mutation.NONE, counting(handled));
            lab.judge(() -> handled.get() == ALL && consumer.unsettled() == 0);
            consumer.leave(PATIENCE);
            Judgement judgement = lab.judgement();
            assertThat(judgement.isClean()).as("%s", judgement).isTrue();
        }
    }

    @Test
    void aBrokerThatDropsAMessageIsSeen() throws Exception {
        assertOnly(Rule.LOST, run(Mutation.dropping(ONE), NONE, ALL - 1, Lab.EFFECT));
    }

    @Test
    void aConfirmOfWhatWasNeverSentIsSeen() throws Exception {
        assertOnly(Rule.LOST, run(Mutation.inventingConfirm(ONE), NONE, ALL - 1, Lab.EFFECT));
    }

    @Test
    void aRefusalOfWhatWasStoredIsSeen() throws Exception {
        Judgement judgement = run(Mutation.inventingRefusal(ONE), NONE, ALL, Lab.EFFECT);
        assertThat(judgement.breaches()).as("%s", judgement).containsOnlyKeys(Rule.PHANTOM, Rule.REFUSED);
    }

    @Test
    void aFutureThatNeverCompletesIsSeen() throws Exception {
        assertOnly(Rule.HUNG_FUTURE, run(Mutation.NONE, ONE, ALL, Lab.EFFECT));
    }

    @Test
    void aSourceThatReordersAKeyIsSeen() throws Exception {
        assertOnly(Rule.ORDER, run(Mutation.swapping(), NONE, ALL, Lab.EFFECT));
    }

    @Test
    void anAcknowledgementOnReceiptIsSeen() throws Exception {
        assertOnly(Rule.PREMATURE_ACK, run(Mutation.acknowledgingOnReceipt(), NONE, ALL, Lab.EFFECT));
    }

    @Test
    void aStoreThatInventsDoneIsSeen() throws Exception {
        assertOnly(Rule.FALSE_SUPPRESSION, run(Mutation.inventingDone(), NONE, ALL - 1, Lab.EFFECT));
    }

    @Test
    void tokensThatDoNotGrowWithinAKeyAreSeen() throws Exception {
        assertOnly(Rule.FENCE, run(Mutation.repeatingTokens(), NONE, ALL, Lab.EFFECT));
    }

    @Test
    void tokensThatDoNotGrowWithinAMessageAreSeen() throws Exception {
        try (Lab lab = lab(false)) {
            lab.publish(Mutation.NONE, NONE);
            AtomicInteger handled = new AtomicInteger();
            Lab.Working one = lab.consume("c.1", Mutation.NONE, counting(handled));
            lab.awaitSettled(() -> handled.get() == ALL && one.unsettled() == 0);
            Mutation generous = Mutation.grantingEverybodyTheSame().besides("others");
            Lab.Working two = lab.consume("d.1", generous, counting(handled));
            Judgement judgement = lab.judge(() -> handled.get() == 2 * ALL && two.unsettled() == 0);
            assertThat(judgement.first())
                    .as("%s", judgement)
                    .anySatisfy(each -> assertThat(each.text()).contains("was granted with token 1 after "));
        }
    }

    @Test
    void aHandlerWithoutAClaimIsSeen() throws Exception {
        Judgement judgement = run(
                Mutation.NONE,
                NONE,
                ALL,
                (delivery, recorder, sequence, token) ->
                        recorder.effect(delivery.id(), delivery.key(), sequence, token + 1_000_000));
        assertThat(judgement.breaches()).as("%s", judgement).containsOnlyKeys(Rule.UNCLAIMED, Rule.FALSE_SUPPRESSION);
    }

    @Test
    void aRenewalThatIsForgottenIsSeen() throws Exception {
        try (Lab lab = lab(false)) {
            lab.publish(Mutation.NONE, NONE);
            // The first one continues when its lease has lapsed and the other has begun.
            CountDownLatch both = new CountDownLatch(2);
            AtomicInteger handled = new AtomicInteger();
            Lab.Work slowly = (delivery, recorder, sequence, token) -> {
                if (delivery.id().equals(ONE)) {
                    both.countDown();
                    awaitAll(both);
                }
                Lab.EFFECT.handle(delivery, recorder, sequence, token);
                handled.incrementAndGet();
            };
            Mutation forgetful = Mutation.forgettingRenewals();
            Lab.Working one = lab.consume("c.1", forgetful, slowly);
            Lab.Working two = lab.consume("d.1", forgetful.besides("others"), slowly);
            Judgement judgement = lab.judge(() -> handled.get() > ALL && one.unsettled() == 0 && two.unsettled() == 0);
            assertThat(judgement.breaches()).as("%s", judgement).containsKeys(Rule.DUAL_OWNER, Rule.DUPLICATE);
        }
    }

    @Test
    void aDeadLetterIsFoundAgain() throws Exception {
        Judgement judgement = poisoned(Mutation.NONE, Set.of(ONE));
        assertThat(judgement.isClean()).as("%s", judgement).isTrue();
    }

    @Test
    void aDeadLetterThatIsDroppedIsSeen() throws Exception {
        assertOnly(Rule.LOST, poisoned(Mutation.droppingDeadLetters(), Set.of()));
    }

    @Test
    void aBoundThatIsIgnoredIsSeen() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        try (Lab lab = lab(true)) {
            lab.publish(Mutation.NONE, NONE);
            CountDownLatch all = new CountDownLatch(1);
            Lab.Working consumer =
                    lab.consume("c.1", Mutation.neverPausing(), (delivery, recorder, sequence, token) -> {
                        awaitAll(all);
                        Lab.EFFECT.handle(delivery, recorder, sequence, token);
                        handled.incrementAndGet();
                    });
            await().atMost(60, TimeUnit.SECONDS).until(() -> consumer.unsettled() > 2 * Lab.MAX_IN_FLIGHT);
            all.countDown();
            assertOnly(Rule.BOUND, lab.judge(() -> handled.get() == ALL && consumer.unsettled() == 0));
        }
    }

    @Tag("slow")
    @Test
    void aLaneThatNeverEndsIsSeen() throws Exception {
        try (Lab lab = lab(true)) {
            lab.publish(Mutation.NONE, NONE);
            AtomicInteger handled = new AtomicInteger();
            lab.consume("c.1", Mutation.NONE, (delivery, recorder, sequence, token) -> {
                if (delivery.id().equals("k1-10")) {
                    awaitAll(end);
                }
                Lab.EFFECT.handle(delivery, recorder, sequence, token);
                handled.incrementAndGet();
            });
            BooleanSupplier others = () -> handled.get() == ALL - 1;
            long[] since = {0};
            BooleanSupplier forLong = () -> {
                if (since[0] == 0 && others.getAsBoolean()) {
                    since[0] = System.nanoTime();
                }
                return since[0] != 0 && System.nanoTime() - since[0] > 3 * Lab.LEASE.toNanos();
            };
            assertOnly(Rule.STUCK_LANE, lab.judge(forLong));
            end.countDown();
        }
    }

    @Test
    void aStoreThatGrantsEverybodyIsSeen() throws Exception {
        try (Lab lab = lab(false)) {
            lab.publish(Mutation.NONE, NONE);
            CountDownLatch both = new CountDownLatch(2);
            AtomicInteger handled = new AtomicInteger();
            Lab.Work together = (delivery, recorder, sequence, token) -> {
                if (delivery.id().equals(ONE)) {
                    both.countDown();
                    awaitAll(both);
                }
                Lab.EFFECT.handle(delivery, recorder, sequence, token);
                handled.incrementAndGet();
            };
            Mutation generous = Mutation.grantingEverybody();
            Lab.Working one = lab.consume("c.1", generous, together);
            Lab.Working two = lab.consume("d.1", generous.besides("others"), together);
            Judgement judgement =
                    lab.judge(() -> handled.get() == 2 * ALL && one.unsettled() == 0 && two.unsettled() == 0);
            assertThat(judgement.breaches()).containsKeys(Rule.DUAL_OWNER, Rule.DUPLICATE);
            // Of two that work on a key at once, one may be ahead of the other; and each gets what the other has
            // acknowledged.
            assertThat(Set.of(Rule.DUAL_OWNER, Rule.DUPLICATE, Rule.FENCE, Rule.ORDER, Rule.REDELIVERED))
                    .as("%s", judgement)
                    .containsAll(judgement.breaches().keySet());
        }
    }

    @Test
    void aShardWithTwoHoldersIsSeen() throws Exception {
        try (Lab lab = lab(true)) {
            lab.publish(Mutation.NONE, NONE);
            AtomicInteger handled = new AtomicInteger();
            Lab.Working one = lab.consume("c.1", Mutation.NONE, counting(handled));
            lab.awaitSettled(() -> handled.get() == ALL && one.unsettled() == 0);
            Lab.Working two = lab.consume("d.1", Mutation.NONE.besides("others"), counting(handled));
            long[] since = {0};
            BooleanSupplier forLong = () -> {
                if (since[0] == 0 && lab.wrote("d.1", Kind.ASSIGNED) && two.unsettled() == 0) {
                    since[0] = System.nanoTime();
                }
                return since[0] != 0 && System.nanoTime() - since[0] > 2 * Lab.RECOVERY.toNanos();
            };
            Judgement judgement = lab.judge(forLong);
            // The other gets what the first one has acknowledged.
            assertThat(judgement.breaches()).as("%s", judgement).containsOnlyKeys(Rule.DUAL_OWNER, Rule.REDELIVERED);
        }
    }

    @Test
    void aTransportThatHangsDoesNotHoldUpTheClose() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (Lab lab = lab(true)) {
            lab.publish(Mutation.NONE, NONE);
            AtomicInteger handled = new AtomicInteger();
            Lab.Working consumer = lab.consume("c.1", Mutation.closingOnly(release), counting(handled));
            lab.judge(() -> handled.get() == ALL && consumer.unsettled() == 0);
            consumer.leave(Lab.LEASE);
            Judgement judgement = lab.judgement();
            assertThat(judgement.isClean()).as("%s", judgement).isTrue();
        } finally {
            release.countDown();
        }
    }

    @Test
    void aCloseThatHangsIsSeen() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (Lab lab = lab(true)) {
            lab.publish(Mutation.NONE, NONE);
            AtomicInteger handled = new AtomicInteger();
            Lab.Working consumer = lab.consume("c.1", Mutation.NONE, counting(handled));
            lab.judge(() -> handled.get() == ALL && consumer.unsettled() == 0);
            Runnable hangs = () -> {
                try {
                    awaitAll(release);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };
            Closing.watch("a consumer's close()", hangs, Duration.ofSeconds(1), consumer.recorder());
            assertOnly(Rule.HUNG_FUTURE, lab.judgement());
        } finally {
            release.countDown();
        }
    }

    @Test
    void anAcknowledgementThatNeverArrivesIsSeen() throws Exception {
        try (Lab lab = lab(true)) {
            lab.publish(Mutation.NONE, NONE);
            AtomicInteger handled = new AtomicInteger();
            Lab.Working consumer = lab.consume("c.1", Mutation.losingAcknowledgements(), counting(handled));
            assertOnly(Rule.INCOMPLETE, lab.judgeWithBacklog(() -> handled.get() == ALL && consumer.unsettled() == 0));
        }
    }

    @Test
    void aHistoryWithoutAnEndIsSeen() throws Exception {
        try (Lab lab = lab(true)) {
            lab.publish(Mutation.NONE, NONE);
            AtomicInteger handled = new AtomicInteger();
            Lab.Working consumer = lab.consume("c.1", Mutation.NONE, counting(handled));
            lab.awaitSettled(() -> handled.get() == ALL && consumer.unsettled() == 0);
            assertOnly(Rule.INCOMPLETE, lab.judgement());
        }
    }

    private static Lab.Work counting(AtomicInteger handled) {
        return (delivery, recorder, sequence, token) -> {
            Lab.EFFECT.handle(delivery, recorder, sequence, token);
            handled.incrementAndGet();
        };
    }

    /** One message can never be handled. */
    private static Judgement poisoned(Mutation mutation, Set<String> letters) throws Exception {
        try (Lab lab = lab(true)) {
            lab.publish(mutation, NONE);
            AtomicInteger handled = new AtomicInteger();
            Lab.Working consumer = lab.consume("c.1", mutation, (delivery, recorder, sequence, token) -> {
                if (delivery.id().equals(ONE)) {
                    throw new PoisonException(ONE);
                }
                Lab.EFFECT.handle(delivery, recorder, sequence, token);
                handled.incrementAndGet();
            });
            return lab.judgeWithDeadLetters(() -> handled.get() == ALL - 1 && consumer.unsettled() == 0, letters);
        }
    }

    private static Judgement run(Mutation mutation, String forgotten, int effects, Lab.Work work) throws Exception {
        try (Lab lab = lab(true)) {
            lab.publish(mutation, forgotten);
            AtomicInteger handled = new AtomicInteger();
            Lab.Working consumer = lab.consume("c.1", mutation, (delivery, recorder, sequence, token) -> {
                work.handle(delivery, recorder, sequence, token);
                handled.incrementAndGet();
            });
            return lab.judge(() -> handled.get() == effects && consumer.unsettled() == 0);
        }
    }

    private static Lab lab(boolean exclusive) throws Exception {
        String destination = "lab-" + RUNS.incrementAndGet();
        Path runFolder = Files.createDirectory(folder.resolve(destination));
        return new Lab(KAFKA.bootstrap(), "redis://127.0.0.1:" + REDIS.port(), destination, runFolder, exclusive);
    }

    private static void awaitAll(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("waited in vain");
        }
    }

    private static void assertOnly(Rule rule, Judgement judgement) {
        assertThat(judgement.breaches()).as("%s", judgement).containsOnlyKeys(rule);
    }
}
