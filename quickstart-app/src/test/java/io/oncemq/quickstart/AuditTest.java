package io.oncemq.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditTest {
    private static final long KILLED_AT = 1_000;
    private static final long ASKED_BY = 1_500;

    private final Expected expected = new Expected();
    private final List<Effect> ledger = new ArrayList<>();
    private Set<String> deadLettered = Set.of();
    private Kill kill = kill(16, Set.of());

    @Test
    void oneEffectPerMessageInOrderHolds() {
        confirmed("a1", "a");
        confirmed("b1", "b");
        confirmed("a2", "a");
        effect("b1", "b", 1, 2, 10);
        effect("a1", "a", 1, 1, 20);
        effect("a2", "a", 2, 2, 30);

        assertThat(judge()).isEqualTo(new Verdict(3, 0, 0, 0, 0, 0, true, List.of()));
        assertThat(judge().holds()).isTrue();
    }

    @Test
    void confirmedMessageWithoutEffectIsLost() {
        confirmed("a1", "a");
        confirmed("a2", "a");
        effect("a1", "a", 1, 1, 10);

        assertThat(judge().lost()).isEqualTo(1);
        assertThat(judge().findings()).containsExactly("lost: a2");
        assertThat(judge().holds()).isFalse();
    }

    @Test
    void deadLetterIsNoLoss() {
        confirmed("a1", "a");
        deadLettered = Set.of("a1");

        assertThat(judge().lost()).isZero();
        assertThat(judge().holds()).isTrue();
    }

    @Test
    void messageThatWasNeverConfirmedMayHaveAnEffectOrNone() {
        expected.add("a1", "a");
        expected.add("a2", "a");
        effect("a1", "a", 1, 1, 10);

        assertThat(judge().holds()).isTrue();
    }

    @Test
    void firstEffectAfterThatOfALaterMessageViolatesTheOrder() {
        confirmed("a1", "a");
        confirmed("a2", "a");
        confirmed("a3", "a");
        effect("a1", "a", 1, 1, 10);
        effect("a3", "a", 3, 1, 20);
        effect("a2", "a", 2, 1, 30);

        assertThat(judge().orderViolations()).isEqualTo(1);
        assertThat(judge().holds()).isFalse();
    }

    @Test
    void repeatedEffectDoesNotViolateTheOrderOfFirstEffects() {
        confirmed("a1", "a");
        confirmed("a2", "a");
        effect("a1", "a", 1, 1, 10);
        effect("a2", "a", 2, 1, 20);
        effect("a1", "a", 1, 1, 30);

        assertThat(judge().orderViolations()).isZero();
        assertThat(judge().duplicateEffects()).isEqualTo(1);
    }

    @Test
    void repeatOfAKilledProcessesUnstoredEffectIsInTheCrashWindow() {
        kill = kill(16, Set.of("a1"));
        confirmed("a1", "a");
        effect("a1", "a", 1, 1, 900);
        effect("a1", "a", 1, 2, 9_000);

        assertThat(judge()).isEqualTo(new Verdict(2, 0, 1, 1, 0, 0, true, List.of()));
        assertThat(judge().holds()).isTrue();
    }

    @Test
    void repeatOfAnEffectThatWasStoredAsDoneIsNotExcused() {
        kill = kill(16, Set.of());
        confirmed("a1", "a");
        effect("a1", "a", 1, 1, 900);
        effect("a1", "a", 1, 2, 9_000);

        assertNotExcused();
    }

    @Test
    void repeatOfASurvivorsEffectIsNotExcused() {
        kill = kill(16, Set.of("a1"));
        confirmed("a1", "a");
        effect("a1", "a", 1, 2, 900);
        effect("a1", "a", 1, 3, 9_000);

        assertNotExcused();
    }

    @Test
    void repeatByTheKilledProcessItselfIsNotExcused() {
        kill = kill(16, Set.of("a1"));
        confirmed("a1", "a");
        effect("a1", "a", 1, 1, 800);
        effect("a1", "a", 1, 1, 900);

        assertNotExcused();
    }

    @Test
    void repeatBeforeTheStoreWasAskedIsNotExcused() {
        kill = kill(16, Set.of("a1"));
        confirmed("a1", "a");
        effect("a1", "a", 1, 1, 900);
        effect("a1", "a", 1, 2, ASKED_BY - 1);

        assertNotExcused();
    }

    @Test
    void effectDatedAfterTheDeathIsNotExcused() {
        kill = kill(16, Set.of("a1"));
        confirmed("a1", "a");
        effect("a1", "a", 1, 1, KILLED_AT + 1);
        effect("a1", "a", 1, 2, 9_000);

        assertNotExcused();
    }

    @Test
    void thirdEffectIsNotExcused() {
        kill = kill(16, Set.of("a1"));
        confirmed("a1", "a");
        effect("a1", "a", 1, 1, 900);
        effect("a1", "a", 1, 2, 9_000);
        effect("a1", "a", 1, 2, 9_100);

        assertThat(judge().duplicateEffects()).isEqualTo(2);
        assertThat(judge().inCrashWindow()).isZero();
        assertThat(judge().holds()).isFalse();
    }

    @Test
    void moreRepeatsThanTheKilledProcessHadHandlersAreNotBelieved() {
        kill = kill(1, Set.of("a1", "b1"));
        for (String key : List.of("a", "b")) {
            confirmed(key + "1", key);
            effect(key + "1", key, 1, 1, 900);
            effect(key + "1", key, 1, 2, 9_000);
        }

        assertThat(judge().inCrashWindow()).isEqualTo(2);
        assertThat(judge().bounded()).isFalse();
        assertThat(judge().holds()).isFalse();
    }

    @Test
    void effectThatTheInputDoesNotKnowCountsAgainstTheRun() {
        confirmed("a1", "a");
        effect("a1", "a", 2, 1, 10);
        effect("x", "a", 1, 1, 20);

        assertThat(judge().foreign()).isEqualTo(2);
        assertThat(judge().holds()).isFalse();
    }

    private void assertNotExcused() {
        assertThat(judge().duplicateEffects()).isEqualTo(1);
        assertThat(judge().inCrashWindow()).isZero();
        assertThat(judge().findings()).hasSize(1);
        assertThat(judge().holds()).isFalse();
    }

    private Verdict judge() {
        return new Audit(expected, List.of(kill), deadLettered).judge(ledger);
    }

    private void confirmed(String id, String key) {
        expected.add(id, key);
        expected.confirm(id);
    }

    private void effect(String id, String key, int sequence, long process, long nanos) {
        ledger.add(new Effect(id, key, sequence, process, nanos));
    }

    private static Kill kill(int concurrency, Set<String> withoutDone) {
        return new Kill(1, KILLED_AT, concurrency, withoutDone, ASKED_BY);
    }
}
