package io.oncemq.torture.check;

import static io.oncemq.torture.check.FateCheckTest.assertClean;
import static io.oncemq.torture.check.FateCheckTest.assertOnly;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Why what was acknowledged may come again. */
class RedeliveryCheckTest {
    private final Story story = new Story().published("a1", "a2").in("c1").assigned("s");

    @Test
    void itDoesNotThroughAnOrderlyHandover() {
        story.settles("a1", "a2").revoked("s");
        assertOnly(Rule.REDELIVERED, 1, comesAgain("a1"));
    }

    @Test
    void itDoesNotThroughACrashLongAfterwards() {
        story.settles("a1", "a2").later(Story.RECOVERY).run(Kind.KILLING, "c1");
        assertOnly(Rule.REDELIVERED, 1, comesAgain("a1"));
    }

    @Test
    void itDoesNotThroughAFaultOfTheStore() {
        story.settles("a1", "a2");
        during("partition-store c1");
        assertOnly(Rule.REDELIVERED, 1, comesAgain("a1"));
    }

    @Test
    void itDoesNotThroughAFaultOfAnother() {
        story.settles("a1", "a2");
        during("partition-broker c2");
        assertOnly(Rule.REDELIVERED, 1, comesAgain("a1"));
    }

    @Test
    void itDoesNotThroughAStandstillBeforeTheReceiverHadTheShard() {
        story.settles("a1", "a2").revoked("s");
        story.run(Kind.STOPPED, "c2").later(Story.LEASE).run(Kind.CONTINUED, "c2");
        story.in("c2").assigned("s");
        assertOnly(Rule.REDELIVERED, 1, comesAgain("a1"));
    }

    @Test
    void itDoesNotThroughAStandstillBeforeAnotherHadTheShard() {
        story.revoked("s").in("c2").assigned("s");
        story.run(Kind.STOPPED, "c2")
                .later(Story.LEASE)
                .run(Kind.CONTINUED, "c2")
                .later(Story.LEASE);
        story.in("c2").revoked("s").in("c1").assigned("s").settles("a1", "a2");
        assertThat(comesAgain("a1").breaches(Rule.REDELIVERED)).isEqualTo(1);
    }

    @Test
    void itDoesNotThroughAFaultAfterWhichTheProcessKeptTheShard() {
        story.settles("a1", "a2");
        during("reset-broker c1");
        story.later(2 * Story.RECOVERY).revoked("s").in("c2").assigned("s");
        assertOnly(Rule.REDELIVERED, 1, comesAgain("a1"));
    }

    @Test
    void itDoesNotWhereTheBrokerHadToHaveWrittenItsPosition() {
        assertOnly(Rule.REDELIVERED, 1, comesAgainAfterTheBrokerWentDown(6_000));
    }

    private Judgement comesAgainAfterTheBrokerWentDown(long after) {
        story.setting("positionsWritten", 5_000_000_000L).settles("a1", "a2").later(after);
        story.run(Kind.BROKER_DOWN, "").later(1_000).run(Kind.BROKER_UP, "");
        story.revoked("s").in("c2").assigned("s");
        return comesAgain("a1");
    }

    @Nested
    class ItMay {
        @Test
        void whereTheBrokerWentDownBeforeItHadWrittenItsPosition() {
            assertClean(comesAgainAfterTheBrokerWentDown(4_000));
        }

        @Test
        void whereTheReceiverFetchedItBeforeAStandstill() {
            story.revoked("s").in("c2").assigned("s").run(Kind.STOPPED, "c2").later(Story.LEASE);
            story.in("c1").assigned("s").settles("a1").run(Kind.CONTINUED, "c2").settles("a2");
            assertClean(comesAgain("a1", "a2"));
        }

        @Test
        void whereTheReceiverWasKeptFromTheBrokerAndFetchedItBefore() {
            story.revoked("s").in("c2").assigned("s").run(Kind.NEMESIS_BEGUN, "swallow-replies-broker c2");
            story.in("c1").assigned("s").settles("a1", "a2").run(Kind.NEMESIS_ENDED, "swallow-replies-broker c2");
            assertClean(comesAgain("a1", "a2"));
        }

        @Test
        void throughACrash() {
            story.settles("a1", "a2").run(Kind.KILLING, "c1");
            assertClean(comesAgain("a1", "a2"));
        }

        @Test
        void throughTheLossOfTheShard() {
            story.settles("a1", "a2").lost("s");
            assertClean(comesAgain("a1", "a2"));
        }

        @Test
        void throughAFaultOfTheBroker() {
            story.settles("a1", "a2");
            during("kill-broker broker");
            story.in("c2").assigned("s");
            assertClean(comesAgain("a1", "a2"));
        }

        @Test
        void asACopyThatWasPublishedAgain() {
            story.published("a1").in("c1").settles("a1", "a2");
            assertClean(comesAgain("a1"));
        }

        @Test
        void asACopyThatItsPublisherSentAgain() {
            story.sentAgain("a1").settles("a1", "a2");
            assertClean(comesAgain("a1"));
        }

        @Test
        void asACopyThatWasReceivedBeforeAndNotAcknowledged() {
            story.sentAgain("a1")
                    .settles("a1", "a2")
                    .received("a1")
                    .revoked("s")
                    .in("c2")
                    .assigned("s");
            assertClean(comesAgain("a1"));
        }

        @Test
        void whereAnEarlierOneIsNotAcknowledged() {
            story.received("a1").claim("a1", "ACQUIRED").published("b1").settles("b1");
            story.revoked("s").in("c2").settles("a1", "a2");
            assertClean(comesAgain("b1"));
        }
    }

    @Test
    void asManyCopiesAsWerePublished() {
        story.published("a1").in("c1").settles("a1", "a2");
        comes("a1");
        assertOnly(Rule.REDELIVERED, 1, comesAgain("a1"));
    }

    @Test
    void notAgainWhereTheCopyWasAcknowledgedToo() {
        story.sentAgain("a1").settles("a1", "a2");
        comes("a1");
        story.in("c1").revoked("s").in("c2").assigned("s");
        assertOnly(Rule.REDELIVERED, 1, comesAgain("a1"));
    }

    @Test
    void whenTheEarlierOneIsAcknowledgedTheOthersAreAsWell() {
        story.received("a1")
                .claim("a1", "ACQUIRED")
                .published("b1")
                .settles("b1")
                .started("a1");
        story.effect("a1")
                .handlerEnded("a1")
                .done("a1")
                .acked("a1")
                .settles("a2")
                .revoked("s");
        assertOnly(Rule.REDELIVERED, 1, comesAgain("b1"));
    }

    private void during(String nemesis) {
        story.run(Kind.NEMESIS_BEGUN, nemesis).run(Kind.NEMESIS_ENDED, nemesis);
    }

    private Judgement comesAgain(String... ids) {
        for (String id : ids) {
            comes(id);
        }
        return story.ends();
    }

    private void comes(String id) {
        story.in("c2").received(id).claim(id, "DONE").acked(id);
    }
}
