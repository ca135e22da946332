package io.oncemq.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A check")
class ChecksTest {
    private static final long FIRST = 101;
    private static final long SECOND = 102;

    private final History history = new History();
    private long now = -5;

    /** Two keys, three messages each, each handled once by one of two processes. */
    @BeforeEach
    void cleanRun() {
        for (String key : new String[] {"k1", "k2"}) {
            for (int sequence = 1; sequence <= 3; sequence++) {
                publish(key, sequence);
                happens(EventKind.CONFIRMED, key, sequence, 1);
            }
        }
        for (int sequence = 1; sequence <= 3; sequence++) {
            handle("k1", sequence, FIRST);
            handle("k2", sequence, SECOND);
        }
    }

    @Test
    void findsNothingInACleanRun() {
        assertThat(LostCheck.in(history).isEmpty()).isTrue();
        assertThat(PhantomCheck.in(history).isEmpty()).isTrue();
        assertThat(OrderCheck.in(history).isEmpty()).isTrue();
        assertThat(duplicates(1).count()).isZero();
        assertThat(history.messages(EventKind.CONFIRMED)).isEqualTo(6);
        assertThat(history.effects()).isEqualTo(6);
    }

    @Nested
    @DisplayName("for lost messages")
    class Lost {
        @Test
        void findsAConfirmedMessageWithoutEffect() {
            publish("k1", 4);
            happens(EventKind.CONFIRMED, "k1", 4, 1);
            assertThat(LostCheck.in(history).count()).isEqualTo(1);
            assertThat(LostCheck.in(history).samples())
                    .singleElement()
                    .asString()
                    .contains("k1-4");
        }

        @Test
        void findsAConfirmedMessageThatWasSuppressedWithoutEverHavingHadAnEffect() {
            publish("k1", 4);
            happens(EventKind.CONFIRMED, "k1", 4, 1);
            happens(EventKind.SUPPRESSED, "k1", 4, FIRST);
            assertThat(LostCheck.in(history).count()).isEqualTo(1);
        }

        @Test
        void acceptsADeadLetter() {
            publish("k1", 4);
            happens(EventKind.CONFIRMED, "k1", 4, 1);
            happens(EventKind.DEAD_LETTERED, "k1", 4, FIRST);
            assertThat(LostCheck.in(history).isEmpty()).isTrue();
        }

        @ParameterizedTest
        @EnumSource(names = {"UNKNOWN", "REJECTED"})
        void promisesNothingAboutOtherOutcomes(EventKind outcome) {
            publish("k1", 4);
            happens(outcome, "k1", 4, 1);
            assertThat(LostCheck.in(history).isEmpty()).isTrue();
        }
    }

    @Nested
    @DisplayName("for phantoms")
    class Phantoms {
        @Test
        void findsAnEffectOfSomethingNeverPublished() {
            handle("k1", 99, FIRST);
            assertThat(PhantomCheck.in(history).samples())
                    .singleElement()
                    .asString()
                    .contains("never published");
        }

        @Test
        void findsAnEffectOfARejectedMessage() {
            publish("k1", 4);
            happens(EventKind.REJECTED, "k1", 4, 1);
            handle("k1", 4, FIRST);
            assertThat(PhantomCheck.in(history).samples())
                    .singleElement()
                    .asString()
                    .contains("rejected");
        }

        @ParameterizedTest
        @EnumSource(names = {"UNKNOWN", "CONFIRMED"})
        void acceptsAnEffectOfARejectedMessageThatWasPublishedAgain(EventKind outcome) {
            publish("k1", 4);
            happens(EventKind.REJECTED, "k1", 4, 1);
            happens(outcome, "k1", 4, 1);
            handle("k1", 4, FIRST);
            assertThat(PhantomCheck.in(history).isEmpty()).isTrue();
        }
    }

    @Nested
    @DisplayName("for order")
    class Order {
        @Test
        void findsFirstEffectsInTheWrongOrder() {
            publish("k1", 4);
            publish("k1", 5);
            handle("k1", 5, FIRST);
            handle("k1", 4, FIRST);
            assertThat(OrderCheck.in(history).count()).isEqualTo(1);
            assertThat(OrderCheck.in(history).samples())
                    .singleElement()
                    .asString()
                    .contains("k1-4");
        }

        @Test
        void acceptsGapsAndRepetitions() {
            publish("k1", 5);
            handle("k1", 5, FIRST);
            handle("k1", 1, FIRST);
            assertThat(OrderCheck.in(history).isEmpty()).isTrue();
        }

        @Test
        void comparesNothingAcrossKeys() {
            publish("k3", 1);
            handle("k3", 1, FIRST);
            assertThat(OrderCheck.in(history).isEmpty()).isTrue();
        }
    }

    @Nested
    @DisplayName("for duplicates")
    class RepeatedEffects {
        @Test
        void findsARepetitionThatNothingExplains() {
            effect("k1", 1, SECOND);
            assertUnexplained(1);
        }

        @Test
        void explainsARepetitionOfWhatAKilledProcessHadNotCompleted() {
            publish("k1", 4);
            effect("k1", 4, FIRST);
            kill(FIRST);
            handle("k1", 4, SECOND);
            assertThat(duplicates(1).inCrashWindow().count()).isEqualTo(1);
            assertThat(duplicates(1).unexplained().isEmpty()).isTrue();
            assertThat(duplicates(1).perKilledProcess()).containsOnlyKeys(FIRST);
        }

        @Test
        void explainsAnEffectBetweenTheSignalAndTheDeath() {
            publish("k1", 4);
            process(EventKind.KILLING, FIRST);
            effect("k1", 4, FIRST);
            process(EventKind.KILLED, FIRST);
            handle("k1", 4, SECOND);
            assertThat(duplicates(1).inCrashWindow().count()).isEqualTo(1);
        }

        @Test
        void doesNotExplainARepetitionOfWhatWasDone() {
            kill(FIRST);
            effect("k1", 3, SECOND);
            assertUnexplained(1);
        }

        @Test
        void doesNotExplainARepetitionBeforeTheKill() {
            publish("k1", 4);
            effect("k1", 4, FIRST);
            effect("k1", 4, SECOND);
            kill(FIRST);
            assertUnexplained(1);
        }

        @Test
        void doesNotExplainARepetitionOfASurvivorsEffect() {
            publish("k1", 4);
            effect("k1", 4, SECOND);
            kill(FIRST);
            effect("k1", 4, SECOND);
            assertUnexplained(1);
        }

        @Test
        void doesNotExplainEffectsOfTheDead() {
            publish("k1", 4);
            kill(FIRST);
            effect("k1", 4, FIRST);
            effect("k1", 4, SECOND);
            assertUnexplained(1);
        }

        @Test
        void explainsNoMoreThanTheProcessHandledAtOnce() {
            for (int sequence = 4; sequence <= 6; sequence++) {
                publish("k1", sequence);
                effect("k1", sequence, FIRST);
            }
            kill(FIRST);
            for (int sequence = 4; sequence <= 6; sequence++) {
                effect("k1", sequence, SECOND);
            }
            assertThat(duplicates(2).inCrashWindow().count()).isEqualTo(2);
            assertThat(duplicates(2).unexplained().samples())
                    .singleElement()
                    .asString()
                    .contains("more than");
            assertThat(duplicates(3).unexplained().isEmpty()).isTrue();
        }

        @Test
        void judgesEachRepetitionByTheEffectBeforeIt() {
            publish("k1", 4);
            effect("k1", 4, FIRST);
            kill(FIRST);
            effect("k1", 4, SECOND);
            effect("k1", 4, SECOND);
            assertThat(duplicates(1).inCrashWindow().count()).isEqualTo(1);
            assertUnexplained(1);
        }

        private void assertUnexplained(int count) {
            assertThat(duplicates(1).unexplained().count()).isEqualTo(count);
        }
    }

    private Duplicates duplicates(int concurrency) {
        return DuplicateCheck.in(history, process -> concurrency);
    }

    private void publish(String key, int sequence) {
        happens(EventKind.PUBLISHED, key, sequence, 1);
    }

    private void handle(String key, int sequence, long process) {
        happens(EventKind.DELIVERED, key, sequence, process);
        effect(key, sequence, process);
        happens(EventKind.DONE, key, sequence, process);
    }

    private void effect(String key, int sequence, long process) {
        happens(EventKind.EFFECT, key, sequence, process);
    }

    private void kill(long process) {
        process(EventKind.KILLING, process);
        process(EventKind.KILLED, process);
    }

    private void process(EventKind kind, long process) {
        history.record(new Event(kind, Instant.EPOCH, now++, process, "", "", 0, 0, null));
    }

    private void happens(EventKind kind, String key, int sequence, long process) {
        history.record(new Event(kind, Instant.EPOCH, now++, process, key, key + "-" + sequence, sequence, 1, null));
    }
}
