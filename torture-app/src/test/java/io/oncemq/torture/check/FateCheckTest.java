package io.oncemq.torture.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.torture.history.Expected;
import io.oncemq.torture.history.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lost, phantom, false suppression, hung. */
class FateCheckTest {
    private static final long DEADLINE = 8_000;

    private final Story story = new Story();

    @Test
    void aRunInWhichAllGoesWellIsClean() {
        Judgement judgement = story.published("a1", "a2", "b1")
                .in("c1")
                .assigned("s")
                .settles("a1", "a2", "b1")
                .ends();

        assertThat(judgement.isClean()).as("%s", judgement).isTrue();
        assertThat(judgement.published()).isEqualTo(3);
        assertThat(judgement.effects()).isEqualTo(3);
    }

    @Test
    void confirmedAndNeverSeenAgainIsLost() {
        assertOnly(
                Rule.LOST, 1, story.published("a1", "b1").in("c1").settles("a1").ends());
    }

    @Test
    void aDeadLetterIsNotLost() {
        assertClean(story.published("a1")
                .in("c1")
                .received("a1")
                .claim("a1", "ACQUIRED")
                .deadLetters("a1")
                .acked("a1")
                .ends());
    }

    @Test
    void aDeadLetterThatOnlyTheBrokerKnowsOfIsNotLost() {
        assertClean(story.published("a1").deadLetterFound("a1").ends());
    }

    @Test
    void aDeadLetterThatIsFoundIsNotLost() {
        deadLettered("a1").deadLetterFound("a1");
        assertClean(story.run(Kind.DEAD_LETTERS_READ, "").ends());
    }

    @Test
    void aDeadLetterThatIsNotFoundIsLost() {
        deadLettered("a1");
        assertOnly(Rule.LOST, 1, story.run(Kind.DEAD_LETTERS_READ, "").ends());
    }

    private Story deadLettered(String id) {
        story.published(id).in("c1").received(id).claim(id, "ACQUIRED");
        return story.deadLetters(id).acked(id);
    }

    @Test
    void whatWasNotConfirmedIsNotMissed() {
        disturbed();
        assertClean(story.invoked("a1")
                .ended("a1", "UNKNOWN")
                .invoked("b1")
                .ended("b1", "NOT_ATTEMPTED")
                .ends());
    }

    @Test
    void whatLayInADestinationThatWasDeletedIsNotMissed() {
        assertClean(story.published("a1")
                .run(Kind.DESTINATION_RECREATED, "")
                .published("a2")
                .in("c1")
                .settles("a2")
                .ends());
    }

    @Test
    void whatWasPublishedBehindTheDeletionIs() {
        assertOnly(
                Rule.LOST,
                1,
                story.run(Kind.DESTINATION_RECREATED, "").published("a1").ends());
    }

    @Test
    void whatWasNeverPublishedIsAPhantom() {
        assertOnly(Rule.PHANTOM, 1, story.in("c1").settles("a1").ends());
    }

    @Test
    void whatWasOnlyRefusedIsAPhantom() {
        disturbed();
        assertOnly(
                Rule.PHANTOM,
                1,
                story.invoked("a1")
                        .ended("a1", "REJECTED")
                        .in("c1")
                        .settles("a1")
                        .ends());
    }

    @Test
    void whatMayHaveBeenStoredIsNone() {
        disturbed();
        story.invoked("a1").ended("a1", "UNKNOWN");
        story.invoked("b1").ended("b1", "NOT_ATTEMPTED").invoked("b1").ended("b1", "CONFIRMED");
        assertClean(story.in("c1").settles("a1", "b1").ends());
    }

    @Test
    void whatIsRefusedLongAfterAFaultIsRefusedForNothing() {
        disturbed();
        assertOnly(
                Rule.REFUSED,
                1,
                story.later(Story.RECOVERY)
                        .invoked("a1")
                        .ended("a1", "NOT_ATTEMPTED")
                        .ends());
    }

    @Test
    void whatIsRefusedBehindAnUnknownOutcomeOfItsKeyHasAReason() {
        story.setting("publishDeadline", DEADLINE * 1_000_000)
                .in("producer")
                .invoked("a1")
                .later(DEADLINE);
        story.ended("a1", "UNKNOWN").invoked("a2").ended("a2", "NOT_ATTEMPTED").invoked("a1");
        assertClean(story.ended("a1", "CONFIRMED").in("c1").settles("a1").ends());
    }

    @Test
    void anUnknownOutcomeOfAnotherKeyIsNone() {
        story.setting("publishDeadline", DEADLINE * 1_000_000)
                .in("producer")
                .invoked("a1")
                .later(DEADLINE);
        story.ended("a1", "UNKNOWN").invoked("b1").ended("b1", "NOT_ATTEMPTED");
        assertOnly(Rule.REFUSED, 1, story.ends());
    }

    @Test
    void anUnknownOutcomeBeforeTheDeadlineHasNoReason() {
        story.setting("publishDeadline", DEADLINE * 1_000_000)
                .in("producer")
                .invoked("a1")
                .later(DEADLINE / 2);
        assertOnly(Rule.REFUSED, 1, story.ended("a1", "UNKNOWN").ends());
    }

    @Test
    void aBrokerThatOwesAnAnswerIsAReason() {
        story.in("producer")
                .published("a1")
                .invoked("b1")
                .later(2_000)
                .ended("b1", "NOT_ATTEMPTED")
                .answeredLate("a1", 2_000);
        assertClean(story.in("c1").settles("a1").ends());
    }

    private void disturbed() {
        story.run(Kind.NEMESIS_BEGUN, "kill-broker broker").later(1_000).run(Kind.NEMESIS_ENDED, "kill-broker broker");
    }

    @Test
    void aTryWhoseProcessWasKilledIsNeitherHungNorAPhantom() {
        story.in("p1").invoked("a1").run(Kind.KILLING, "p1").run(Kind.DEAD, "p1", 137);
        assertClean(story.in("c1").settles("a1").ends());
    }

    @Test
    void aDeadLetterWhoseHandlerWouldHaveSucceededIsLost() {
        assertOnly(
                Rule.LOST,
                1,
                story.published("a1", Expected.EFFECT)
                        .in("c1")
                        .received("a1")
                        .claim("a1", "ACQUIRED")
                        .deadLetters("a1")
                        .acked("a1")
                        .ends());
    }

    @Test
    void whatNoHandlerCanReadAndWasHandledIsAPhantom() {
        assertOnly(
                Rule.PHANTOM,
                1,
                story.published("a1", Expected.UNREADABLE)
                        .in("c1")
                        .settles("a1")
                        .ends());
    }

    @Test
    void whatBecameWhatItHadToIsClean() {
        assertClean(story.published("a1", Expected.EFFECT)
                .published("a2", Expected.UNREADABLE)
                .in("c1")
                .settles("a1")
                .received("a2")
                .claim("a2", "ACQUIRED")
                .deadLetters("a2")
                .acked("a2")
                .ends());
    }

    @Test
    void doneBeforeAnyEffectIsFalselySuppressedAndNotCountedAsLostAgain() {
        assertOnly(
                Rule.FALSE_SUPPRESSION,
                1,
                story.published("a1")
                        .in("c1")
                        .received("a1")
                        .claim("a1", "DONE")
                        .acked("a1")
                        .ends());
    }

    @Test
    void doneBeforeTheEffectIsFalselySuppressedAlthoughAnEffectFollowed() {
        story.published("a1", "a1").in("c1").received("a1").claim("a1", "DONE").acked("a1");
        assertOnly(Rule.FALSE_SUPPRESSION, 1, story.in("c2").settles("a1").ends());
    }

    @Test
    void doneBehindAnEffectIsTrueThoughItsProcessDiedUnanswered() {
        story.published("a1").in("c1").handles("a1").asked("COMPLETE", "a1");
        story.run(Kind.KILLING, "c1").run(Kind.DEAD, "c1", 137).later(Story.LEASE);
        assertClean(
                story.in("c2").received("a1").claim("a1", "DONE").acked("a1").ends());
    }

    @Test
    void deadLetteredBeforeOneWasSentIsFalselySuppressed() {
        assertOnly(
                Rule.FALSE_SUPPRESSION,
                1,
                story.published("a1")
                        .in("c1")
                        .received("a1")
                        .claim("a1", "DEAD_LETTERED")
                        .acked("a1")
                        .ends());
    }

    @Test
    void deadLetteredBehindOneThatWasSentIsTrueThoughItsProcessDiedUnanswered() {
        story.published("a1").in("c1").received("a1").claim("a1", "ACQUIRED").deadLetterSent("a1");
        story.run(Kind.KILLING, "c1").run(Kind.DEAD, "c1", 137);
        assertClean(story.in("c2")
                .received("a1")
                .claim("a1", "DEAD_LETTERED")
                .acked("a1")
                .ends());
    }

    @Test
    void aFutureThatNeverCompletedIsHung() {
        assertOnly(Rule.HUNG_FUTURE, 1, story.invoked("a1").ends());
    }

    @Test
    void anOutcomeLongBehindItsDeadlineIsHung() {
        assertOnly(Rule.HUNG_FUTURE, 1, withOutcomeAfter(DEADLINE + 1_000).ends());
    }

    @Test
    void anOutcomeALittleBehindItsDeadlineIsNot() {
        assertClean(withOutcomeAfter(DEADLINE + 900).ends());
    }

    @Test
    void anOutcomeMayBeTwoSecondsLaterOnACrowdedMachine() {
        assertClean(crowded(2_900));
        assertOnly(Rule.HUNG_FUTURE, 1, crowded(3_100));
    }

    private static Judgement crowded(long ms) {
        Story story = new Story().setting("publishDeadline", DEADLINE * 1_000_000);
        story.in("producer").invoked("a1").in("driver");
        for (long slept = 0; slept < DEADLINE + ms; slept += 100) {
            story.later(99).load(400);
        }
        return story.in("producer")
                .ended("a1", "CONFIRMED")
                .in("c1")
                .settles("a1")
                .ends();
    }

    @Test
    void anOutcomeIsNotIfItsDriverStoodStill() {
        story.in("driver").alive();
        withOutcomeAfter(DEADLINE + Story.RECOVERY);
        assertClean(story.in("driver").alive().ends());
    }

    private Story withOutcomeAfter(long ms) {
        story.setting("publishDeadline", DEADLINE * 1_000_000).in("producer").invoked("a1");
        return story.later(ms).ended("a1", "CONFIRMED").in("c1").settles("a1");
    }

    @Test
    void aCloseThatNeverEndedIsHung() {
        assertOnly(
                Rule.HUNG_FUTURE,
                1,
                story.in("c1").run(Kind.STILL_OPEN, "close").ends());
    }

    @Test
    void aHistoryWithoutAnEndIsNotJudgedAsClean() {
        assertOnly(
                Rule.INCOMPLETE, 1, story.published("a1").in("c1").settles("a1").judge());
    }

    @Test
    void givingUpIsNotCleanEither() {
        story.published("a1").in("c1").settles("a1").run(Kind.GAVE_UP, "nothing moves");
        Judgement judgement = story.judge();
        assertOnly(Rule.INCOMPLETE, 1, judgement);
        assertThat(judgement.first().get(0).text()).endsWith("nothing moves");
    }

    static void assertOnly(Rule rule, long times, Judgement judgement) {
        assertThat(judgement.breaches()).as("%s", judgement).isEqualTo(Map.of(rule, times));
    }

    static void assertClean(Judgement judgement) {
        assertThat(judgement.isClean()).as("%s", judgement).isTrue();
    }
}
