package io.oncemq.testkit.kit.store;

import static io.oncemq.spi.StoreAnswer.Kind.ACQUIRED;
import static io.oncemq.spi.StoreAnswer.Kind.BUSY;
import static io.oncemq.spi.StoreAnswer.Kind.DONE;
import static io.oncemq.spi.StoreAnswer.Kind.MINE;
import static io.oncemq.spi.StoreAnswer.Kind.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ConfigurationException;
import io.oncemq.CrashPolicy;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import io.oncemq.spi.StoreUnavailableException;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.store.StoreFixture.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What a store keeps through time, load and outages, one nested class per promise, named as in docs/evidence.md.
 */
public abstract class StoreEnduranceKit extends StoreKit {
    private static final double MOST_BYTES_PER_ID = 40;
    private static final int BATCH = 500;

    @Nested
    @DisplayName("D6: remembered for as long as promised")
    class Memory {
        private static final Duration REMEMBERED = Duration.ofSeconds(2);

        @Test
        @DisplayName("what is done stays done for the promised time, whenever it was done")
        final void staysDone() {
            Claimant me = claimant(Client.DEFAULT.rememberFor(REMEMBERED), CrashPolicy.REPROCESS, SHORT);
            List<Long> doneAt = new ArrayList<>();
            for (int step = 0; step < 25; step++) {
                doneAt.add(fixture().nanoTime());
                me.send(Type.CLAIM, step);
                me.send(Type.COMPLETE, step);
                for (int message = 0; message <= step; message++) {
                    StoreAnswer.Kind kind = me.kind(Type.CLAIM, message);
                    Duration age = Duration.ofNanos(fixture().nanoTime() - doneAt.get(message));
                    assertThat(kind == DONE || age.compareTo(REMEMBERED) > 0)
                            .as("message %d is %s at the age of %s", message, kind, age)
                            .isTrue();
                }
                fixture().pass(REMEMBERED.dividedBy(10));
            }
        }

        @Test
        @DisplayName("it is forgotten at last, and so is a claim that was abandoned")
        final void isForgotten() {
            Claimant me = claimant(Client.DEFAULT.rememberFor(REMEMBERED), CrashPolicy.REPROCESS, SHORT);
            me.send(Type.CLAIM, 1);
            me.send(Type.COMPLETE, 1);
            me.send(Type.CLAIM, 2);
            me.start(2, 1);
            fixture().pass(REMEMBERED.multipliedBy(2));
            Claimant other = claimant(Client.DEFAULT.rememberFor(REMEMBERED), CrashPolicy.REPROCESS, SHORT);
            assertThat(other.send(Type.CLAIM, 1).kind()).isEqualTo(ACQUIRED);
            assertThat(other.send(Type.CLAIM, 2).suspect()).isFalse();
        }

        @Test
        @DisplayName("a claim that is renewed outlives the promised time")
        final void renewedClaimIsNotForgotten() {
            Duration remembered = Duration.ofSeconds(5);
            Claimant me = claimant(Client.DEFAULT.rememberFor(remembered), CrashPolicy.REPROCESS, LONG);
            me.send(Type.CLAIM, 1);
            for (int i = 0; i < 16; i++) {
                fixture().pass(remembered.dividedBy(10));
                assertThat(me.kind(Type.RENEW, 1)).isEqualTo(OK);
            }
        }
    }

    @Nested
    @DisplayName("D7: what was answered is kept through a crash of the server")
    class Durability {
        @Test
        @DisplayName("claims, attempts and what is done survive kill -9")
        final void survivesKill() {
            need(StoreAbility.OUTAGE);
            Claimant me = claimant(LONG);
            me.sendAll(Type.CLAIM, 0, 200);
            me.sendAll(Type.COMPLETE, 0, 100);
            me.start(150, 1);
            fixture().server().kill();
            fixture().server().start();
            Claimant other = claimant(LONG);
            List<StoreAnswer> answers = other.sendAll(Type.CLAIM, 0, 200);
            assertThat(answers.subList(0, 100)).extracting(StoreAnswer::kind).containsOnly(DONE);
            assertThat(answers.subList(100, 200)).extracting(StoreAnswer::kind).containsOnly(BUSY);
            assertThat(claimant(LONG).sendAll(Type.CLAIM, 200, 201))
                    .extracting(StoreAnswer::kind)
                    .containsOnly(ACQUIRED);
        }
    }

    @Nested
    @DisplayName("D8: fencing tokens grow")
    class Tokens {
        @Test
        @DisplayName("from claim to claim, also by different owners")
        final void growFromClaimToClaim() {
            Claimant me = claimant(LONG);
            Claimant other = claimant(LONG);
            List<Long> tokens = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                tokens.add((i % 2 == 0 ? me : other).send(Type.CLAIM, i).token());
            }
            // Tokens are compared within a key, and a key lives in one shard; all shards draw from the same clock.
            List<StoreAnswer> batch = me.sendAll(Type.CLAIM, 100, 200);
            assertThat(tokens).allMatch(token -> token > 0);
            assertThat(batch).extracting(StoreAnswer::token).allMatch(token -> token > 0);
            assertThat(growthOfOneMessage(me, 300)).isSorted().doesNotHaveDuplicates();
        }

        @Test
        @DisplayName("through a crash and a restart of the server")
        final void growThroughRestart() {
            need(StoreAbility.OUTAGE);
            Claimant me = claimant(LONG);
            List<Long> tokens = growthOfOneMessage(me, 1);
            fixture().server().kill();
            fixture().server().start();
            tokens.addAll(growthOfOneMessage(claimant(LONG), 1));
            assertThat(tokens).isSorted().doesNotHaveDuplicates();
        }

        @Test
        @DisplayName("through the loss of all data")
        final void growThroughLoss() {
            need(StoreAbility.DATA_LOSS);
            List<Long> tokens = growthOfOneMessage(claimant(LONG), 1);
            fixture().loseData();
            tokens.addAll(growthOfOneMessage(claimant(LONG), 1));
            assertThat(tokens).isSorted().doesNotHaveDuplicates();
        }

        private List<Long> growthOfOneMessage(Claimant claimant, int message) {
            List<Long> tokens = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                tokens.add(claimant.send(Type.CLAIM, message).token());
                claimant.send(Type.RELEASE, message);
            }
            return tokens;
        }
    }

    @Nested
    @DisplayName("D9: an outage is reported, and ends when the server answers")
    class Outage {
        @Test
        @DisplayName("a dead server is unavailable, and the same client and owner continue after its restart")
        final void recoversAfterKill() {
            need(StoreAbility.OUTAGE);
            Claimant me = claimant(LONG);
            me.send(Type.CLAIM, 1);
            fixture().server().kill();
            assertThatThrownBy(() -> me.send(Type.COMPLETE, 1)).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> me.send(Type.COMPLETE, 1)).isInstanceOf(StoreUnavailableException.class);
            fixture().server().start();
            assertThat(me.repeat(Type.COMPLETE, 1).kind()).isEqualTo(OK);
        }

        @Test
        @DisplayName("a frozen server is unavailable within the time-out, and its late answer is dropped")
        final void discardsTheConnectionOfALateAnswer() {
            need(StoreAbility.OUTAGE);
            Claimant me = claimant(HASTY, CrashPolicy.REPROCESS, LONG);
            me.send(Type.CLAIM, 1);
            me.send(Type.COMPLETE, 1);
            fixture().server().pause();
            long from = System.nanoTime();
            assertThatThrownBy(() -> me.send(Type.CLAIM, 1)).isInstanceOf(StoreUnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(30));
            fixture().server().resume();
            Claimant patient = new Claimant(claimant(LONG).claims(), me.owner());
            assertThat(patient.kind(Type.CLAIM, 2)).isEqualTo(ACQUIRED);
            assertThat(me.repeat(Type.CLAIM, 2).kind())
                    .as("DONE would be the answer of before")
                    .isEqualTo(MINE);
        }

        @Test
        @DisplayName("a network that drops everything is unavailable, and heals")
        final void healsAfterPartition() {
            need(StoreAbility.NETWORK);
            try (TcpProxy proxy = TcpProxy.to(fixture().port())) {
                Claimant me = claimant(HASTY.port(proxy.port()), CrashPolicy.REPROCESS, LONG);
                me.send(Type.CLAIM, 1);
                proxy.drop();
                assertThatThrownBy(() -> me.send(Type.COMPLETE, 1)).isInstanceOf(StoreUnavailableException.class);
                proxy.restore();
                assertThat(me.repeat(Type.COMPLETE, 1).kind()).isEqualTo(OK);
            }
        }
    }

    @Nested
    @DisplayName("D10: many messages in one call")
    class Batches {
        @Test
        @DisplayName("every command of a large batch is answered in its place")
        final void largeBatch() {
            Claimant me = claimant(LONG);
            me.sendAll(Type.CLAIM, 0, 3_000);
            me.sendAll(Type.COMPLETE, 0, 1_500);
            List<StoreAnswer> answers = claimant(LONG).sendAll(Type.CLAIM, 0, 4_500);
            assertThat(answers.subList(0, 1_500)).extracting(StoreAnswer::kind).containsOnly(DONE);
            assertThat(answers.subList(1_500, 3_000))
                    .extracting(StoreAnswer::kind)
                    .containsOnly(BUSY);
            assertThat(answers.subList(3_000, 4_500))
                    .extracting(StoreAnswer::kind)
                    .containsOnly(ACQUIRED);
        }

        @Test
        @DisplayName("commands of one message take effect in the order of the batch")
        final void orderWithinABatch() {
            Claimant me = claimant(LONG);
            Claimant other = claimant(LONG);
            List<StoreCommand> batch = new ArrayList<>();
            for (int i = 0; i < 700; i++) {
                batch.add(StoreCommand.of(Type.CLAIM, Claimant.id(i), me.owner()));
                batch.add(StoreCommand.of(Type.CLAIM, Claimant.id(i), other.owner()));
                batch.add(StoreCommand.of(Type.COMPLETE, Claimant.id(i), me.owner()));
                batch.add(StoreCommand.of(Type.CLAIM, Claimant.id(i), other.owner()));
            }
            List<StoreAnswer.Kind> kinds =
                    me.claims().apply(batch).stream().map(StoreAnswer::kind).toList();
            for (int i = 0; i < kinds.size(); i += 4) {
                assertThat(kinds.subList(i, i + 4)).containsExactly(ACQUIRED, BUSY, OK, DONE);
            }
        }

        @Test
        @DisplayName("an empty batch is answered with nothing")
        final void emptyBatch() {
            assertThat(claimant(LONG).claims().apply(List.of())).isEmpty();
        }

        @Test
        @DisplayName("another number of shards is refused by name")
        final void otherShardsAreRefused() {
            need(StoreAbility.SHARDS);
            claimant(LONG).send(Type.CLAIM, 1);
            assertThatThrownBy(() -> claimant(Client.DEFAULT.shards(5), CrashPolicy.REPROCESS, LONG))
                    .isInstanceOfSatisfying(ConfigurationException.class, refusal -> {
                        assertThat(refusal.property()).isEqualTo("shards");
                        assertThat(refusal.value()).isEqualTo("5");
                        assertThat(refusal.remedy()).contains("4");
                    });
        }
    }

    @Nested
    @DisplayName("D11: a remembered message is cheap")
    class Footprint {
        @Test
        @DisplayName("at most 40 bytes of the server's memory at 100,000 messages")
        final void bytesPerMessage() {
            need(StoreAbility.MEMORY);
            Claimant me = claimant(LONG);
            long before = fixture().usedMemory();
            int messages = 100_000;
            for (int from = 0; from < messages; from += BATCH) {
                me.sendAll(Type.CLAIM, from, from + BATCH);
                me.sendAll(Type.COMPLETE, from, from + BATCH);
            }
            // Buffers for the disk and for clients count as used as well, until they are empty.
            Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                double bytes = (double) (fixture().usedMemory() - before) / messages;
                assertThat(bytes).as("bytes per message").isLessThanOrEqualTo(MOST_BYTES_PER_ID);
            });
        }
    }

    @Nested
    @DisplayName("D12: code that the server forgot is left with it again")
    class Scripts {
        @Test
        @DisplayName("a call goes through although the server has forgotten the code")
        final void scriptsForgotten() {
            need(StoreAbility.SHARDS);
            Claimant me = claimant(LONG);
            for (int i = 0; i < 5; i++) {
                fixture().forgetScripts();
                assertThat(me.sendAll(Type.CLAIM, i * 10, i * 10 + 10))
                        .extracting(StoreAnswer::kind)
                        .containsOnly(ACQUIRED);
            }
        }
    }
}
