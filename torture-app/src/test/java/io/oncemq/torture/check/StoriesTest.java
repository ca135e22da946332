package io.oncemq.torture.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.torture.history.Expected;
import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a library must do and does not do, in histories in which nothing else is wrong. */
class StoriesTest {
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;

    private final Story story = new Story().published("a1", "a2").in("c1").assigned("s");

    @Nested
    class Done {
        @Test
        void isAskedForSoonAfterTheHandlerHasEnded() {
            story.handles("a1").keepsRenewing("a1", 10 * MINUTE);
            story.run(Kind.KILLING, "c1").run(Kind.DEAD, "c1", 137).later(Story.LEASE);
            assertFound(Rule.COMPLETION, story.in("c2").settles("a1", "a2"));
        }

        @Test
        void isNotStoredWhileTheHandlerRuns() {
            story.received("a1")
                    .claim("a1", "ACQUIRED")
                    .started("a1")
                    .effect("a1")
                    .done("a1");
            assertFound(
                    Rule.COMPLETION,
                    story.acked("a1").later(100).handlerEnded("a1").settles("a2"));
        }
    }

    @Nested
    class ADeadLetter {
        @Test
        void needsAnAttemptThatFailed() {
            story.settles("a1", "a2")
                    .published("b1", Expected.POISON)
                    .received("b1")
                    .claim("b1", "ACQUIRED");
            assertFound(Rule.DEAD_LETTER, story.deadLetters("b1").acked("b1"));
        }

        @Test
        void needsEachAttemptOfThePolicy() {
            story.settles("a1", "a2")
                    .published("b1", Expected.EXHAUSTED)
                    .received("b1")
                    .claim("b1", "ACQUIRED");
            fails("b1", 11);
            assertFound(Rule.DEAD_LETTER, story.deadLetters("b1").acked("b1"));
        }

        @Test
        void isNotSentBesideAnEffect() {
            story.handles("a1").deadLetters("a1").acked("a1");
            assertFound(Rule.DEAD_LETTER, story.settles("a2"));
        }

        @Test
        void isSentOnce() {
            story.settles("a1", "a2")
                    .published("b1", Expected.POISON)
                    .received("b1")
                    .claim("b1", "ACQUIRED");
            fails("b1", 1);
            for (int i = 0; i < 49; i++) {
                story.deadLetterSent("b1");
            }
            assertFound(Rule.DEAD_LETTER, story.deadLetters("b1").acked("b1"));
        }
    }

    @Test
    void attemptsEndWithThePolicy() {
        story.settles("a1", "a2").published("b1").received("b1").claim("b1", "ACQUIRED");
        fails("b1", 99);
        story.started("b1").effect("b1").handlerEnded("b1").done("b1").acked("b1");
        assertFound(Rule.ATTEMPTS, story);
    }

    @Nested
    class Publishing {
        @Test
        void isNotRefusedWithoutAFault() {
            story.settles("a1", "a2").in("producer");
            for (int i = 1; i <= 1_000; i++) {
                story.invoked("b" + i).ended("b" + i, "NOT_ATTEMPTED");
            }
            assertFound(Rule.REFUSED, story);
        }

        @Test
        void isNotRefusedDuringAFaultWhileOthersAreConfirmed() {
            story.settles("a1", "a2").run(Kind.NEMESIS_BEGUN, "delay-broker broker");
            for (int i = 1; i <= 10; i++) {
                story.published("c" + i).settles("c" + i).later(500);
            }
            story.in("producer").invoked("b1").ended("b1", "NOT_ATTEMPTED").published("d1");
            assertFound(Rule.REFUSED, story.in("c1").settles("d1"));
        }

        @Test
        void isNotRefusedLongAfterAFault() {
            story.settles("a1", "a2")
                    .run(Kind.NEMESIS_BEGUN, "kill-broker broker")
                    .later(1_000);
            story.run(Kind.NEMESIS_ENDED, "kill-broker broker").later(Story.LEASE);
            story.setting("recovery", 3 * Story.LEASE * 1_000_000);
            assertFound(
                    Rule.REFUSED, story.in("producer").invoked("b1").later(100).ended("b1", "NOT_ATTEMPTED"));
        }

        @Test
        void mayBeRefusedOnACrowdedMachineWhileNothingIsConfirmed() {
            assertThat(refusedOnACrowdedMachine(false).breaches(Rule.REFUSED)).isZero();
        }

        @Test
        void isNotRefusedOnACrowdedMachineWhileOthersAreConfirmed() {
            assertThat(refusedOnACrowdedMachine(true).breaches(Rule.REFUSED)).isOne();
        }

        private Judgement refusedOnACrowdedMachine(boolean others) {
            story.settles("a1", "a2");
            for (int i = 1; i <= 20; i++) {
                story.in("driver").load(500).later(500);
                if (others) {
                    story.published("c" + i).in("c1").settles("c" + i);
                }
            }
            return story.in("producer")
                    .invoked("b1")
                    .later(100)
                    .ended("b1", "NOT_ATTEMPTED")
                    .in("driver")
                    .load(500)
                    .ends();
        }

        @Test
        void isNotRefusedAfterAnUnknownOutcomeThatWasStored() {
            story.settles("a1", "a2").in("producer").run(Kind.NEMESIS_BEGUN, "kill-broker broker");
            story.invoked("b1").ended("b1", "UNKNOWN").invoked("b1").ended("b1", "REJECTED");
            story.run(Kind.NEMESIS_ENDED, "kill-broker broker");
            assertFound(Rule.PHANTOM, story.in("c1").settles("b1"));
        }
    }

    @Test
    void whatIsAcknowledgedDoesNotComeAgain() {
        story.settles("a1", "a2");
        for (int i = 0; i < 1_000; i++) {
            story.received("a1").claim("a1", "DONE").acked("a1");
        }
        assertFound(Rule.REDELIVERED, story);
    }

    @Test
    void whatIsAcknowledgedDoesNotComeAgainUnderOneAssignment() {
        story.settles("a1", "a2").run(Kind.NEMESIS_BEGUN, "reset-broker c1");
        assertFound(Rule.REDELIVERED, story.received("a1").claim("a1", "DONE").acked("a1"));
    }

    @Test
    void whatWasAcknowledgedWellBeforeAFaultDoesNotComeAgain() {
        story.received("a1").claim("a1", "ACQUIRED").started("a1").effect("a1").handlerEnded("a1");
        story.done("a1").ackedThrough("a1").later(Story.LEASE * 3 / 4).run(Kind.NEMESIS_BEGUN, "reset-broker c1");
        story.later(3 * Story.LEASE)
                .lost("s")
                .in("c2")
                .assigned("s")
                .received("a1")
                .claim("a1", "DONE");
        assertFound(Rule.REDELIVERED, story.acked("a1").settles("a2"));
    }

    @Test
    void aProcessEndsOnlyWhenItIsTold() {
        assertFound(Rule.ENDED, story.settles("a1", "a2").run(Kind.DEAD, "c1", 0));
    }

    @Nested
    class AKey {
        @Test
        void waitsForAMessageThatWaits() {
            story.received("a1").claim("a1", "ACQUIRED").started("a1").handlerFailed("a1");
            story.settles("a2").started("a1").handlerFailed("a1");
            assertFound(Rule.ORDER, story.deadLetters("a1").acked("a1"));
        }

        @Test
        void waitsWhileAnotherShardLeaves() {
            story.assigned("t")
                    .received("a1")
                    .received("a2")
                    .claim("a1", "ACQUIRED")
                    .started("a1");
            story.effect("a1")
                    .handlerEnded("a1")
                    .revoked("t")
                    .claim("a2", "ACQUIRED")
                    .started("a2");
            story.effect("a2").handlerEnded("a2").done("a1").done("a2");
            assertFound(Rule.ORDER, story.acked("a1").acked("a2"));
        }
    }

    @Test
    void handlersStayWithinTheirBoundWhileAnotherShardLeaves() {
        story.settles("a1", "a2").assigned("t");
        String[] ids = {"b1", "d1", "e1", "f1", "g1", "h1", "i1", "j1"};
        for (String id : ids) {
            story.published(id).received(id).claim(id, "ACQUIRED");
        }
        begin("b1", "d1", "e1", "f1");
        story.revoked("t");
        begin("g1", "h1", "i1", "j1");
        for (String id : ids) {
            story.effect(id).handlerEnded(id).done(id).acked(id);
        }
        assertFound(Rule.BOUND, story);
    }

    @Nested
    class AHealthyMessage {
        @Test
        void isHandledSoonAfterItWasReceived() {
            story.received("a1").claim("a1", "ACQUIRED").keepsRenewing("a1", HOUR);
            story.started("a1").effect("a1").handlerEnded("a1").done("a1").acked("a1");
            assertFound(Rule.WAITING, story.settles("a2"));
        }

        @Test
        void isReceivedSoonAfterItWasConfirmed() {
            assertFound(Rule.DELIVERY, story.later(HOUR).settles("a1", "a2"));
        }

        @Test
        void isReceivedSoonWhateverIsDoneToAProcessThatHoldsAnotherShard() {
            story.run(Kind.NEMESIS_BEGUN, "partition-broker c2").later(MINUTE);
            assertFound(Rule.DELIVERY, story.settles("a1", "a2"));
        }

        @Test
        void isReceivedSoonWhateverIsDoneToItsHolderWhileThatReceivesOthers() {
            story.assigned("t").run(Kind.NEMESIS_BEGUN, "delay-broker c1");
            for (int i = 1; i <= 60; i++) {
                story.of("t").published("b" + i).settles("b" + i).later(1_000);
            }
            assertFound(Rule.DELIVERY, story.of("s").settles("a1", "a2"));
        }

        @Test
        void isReceivedSoonWhateverIsDoneToTheStoreOfAnotherProcess() {
            story.run(Kind.NEMESIS_BEGUN, "partition-store c2").in("c2").assigned("t");
            story.of("t").published("b1").received("b1").claim("b1", "ACQUIRED").renewed("b1");
            story.asked("RENEW", "b1").later(MINUTE);
            assertFound(Rule.DELIVERY, story.of("s").in("c1").settles("a1", "a2"));
        }

        @Test
        void isReceivedSoonThoughItsShardHadNoHolder() {
            story.revoked("s").later(MINUTE).in("c2").assigned("s");
            assertFound(Rule.DELIVERY, story.settles("a1", "a2"));
        }
    }

    @Nested
    class AClaim {
        @Test
        void isRenewedWhileItsHandlerRuns() {
            story.received("a1").claim("a1", "ACQUIRED").started("a1").later(3 * Story.LEASE);
            story.effect("a1").handlerEnded("a1").done("a1").acked("a1");
            assertFound(Rule.RENEWAL, story.settles("a2"));
        }

        @Test
        void holdsWhenItsHandlerBegins() {
            String[] ids = {"b1", "d1", "e1"};
            for (String id : ids) {
                story.published(id).received(id).claim(id, "ACQUIRED");
            }
            story.run(Kind.STOPPED, "c1").later(2 * Story.LEASE).run(Kind.CONTINUED, "c1");
            for (String id : ids) {
                story.started(id).effect(id).handlerEnded(id).done(id).acked(id);
            }
            assertFound(Rule.UNCLAIMED, story.settles("a1", "a2"));
        }

        @Test
        void isRenewedWithinThreeQuartersOfALeaseOnACrowdedMachine() {
            story.received("a1").claim("a1", "ACQUIRED").started("a1");
            crowdedFor(Story.LEASE * 7 / 10).renewed("a1");
            assertThat(endsWell().breaches(Rule.RENEWAL)).isZero();
        }

        @Test
        void isRenewedOnACrowdedMachine() {
            story.received("a1").claim("a1", "ACQUIRED").started("a1");
            crowdedFor(Story.LEASE * 8 / 10).renewed("a1");
            assertThat(endsWell().breaches(Rule.RENEWAL)).isOne();
        }

        private Story crowdedFor(long millis) {
            for (long waited = 0; waited < millis; waited += 250) {
                story.in("driver").load(500).later(250);
            }
            return story.in("c1");
        }

        private Judgement endsWell() {
            return story.effect("a1")
                    .handlerEnded("a1")
                    .done("a1")
                    .acked("a1")
                    .settles("a2")
                    .ends();
        }

        @Test
        void isRenewedByTheLeaseOfTheGroup() {
            story.received("a1").claim("a1", "ACQUIRED").started("a1").later(33 * Story.LEASE);
            story.renewed("a1").effect("a1").handlerEnded("a1").done("a1").acked("a1");
            assertFound(Rule.RENEWAL, story.settles("a2"));
        }
    }

    @Nested
    class ADestinationThatIsDeleted {
        @Test
        void excusesNothingThatWasCaughtUpWith() {
            story.settles("a2").run(Kind.CAUGHT_UP, "").run(Kind.DESTINATION_RECREATED, "");
            assertFound(Rule.LOST, story);
        }

        @Test
        void excusesNothingThatWasStoredInALaterOne() {
            story.settles("a1", "a2").run(Kind.DESTINATION_RECREATED, "").published("b1");
            story.run(Kind.CAUGHT_UP, "").run(Kind.DESTINATION_RECREATED, "");
            assertFound(Rule.LOST, story);
        }

        @Test
        void excusesNoDeadLetter() {
            story.settles("a1", "a2")
                    .published("b1", Expected.POISON)
                    .received("b1")
                    .claim("b1", "ACQUIRED");
            fails("b1", 1);
            story.deadLetters("b1").acked("b1").run(Kind.DESTINATION_RECREATED, "");
            assertFound(Rule.LOST, story.run(Kind.DEAD_LETTERS_READ, ""));
        }

        @Test
        void excusesNoProcessThatEndsLongAfterwards() {
            story.settles("a1", "a2").run(Kind.DESTINATION_RECREATED, "").later(2 * Story.RECOVERY);
            assertFound(Rule.ENDED, story.run(Kind.DEAD, "c1", 1));
        }
    }

    private void fails(String id, int times) {
        for (int i = 0; i < times; i++) {
            story.started(id).handlerFailed(id).asked("START", id).answered("START", "OK", id, 0);
        }
    }

    private void begin(String... ids) {
        for (String id : ids) {
            story.started(id);
        }
    }

    static void assertFound(Rule rule, Story story) {
        Judgement judgement = story.ends();
        assertThat(judgement.breaches()).as("%s", judgement).containsKey(rule);
    }
}
