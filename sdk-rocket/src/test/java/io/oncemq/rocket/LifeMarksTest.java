package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.ConnectionException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

class LifeMarksTest {
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final List<String> BOTH = List.of("a", "b");

    private final AtomicLong now = new AtomicLong(1_000_000);
    private final Broker broker = new Broker();
    private final LifeMarks a = marks("a");
    private final LifeMarks b = marks("b");

    private LifeMarks marks(String id) {
        return new LifeMarks(broker.as(id), "t", id, LOOK, now::get);
    }

    @Test
    void aMemberThatMarksItselfLives() {
        for (int look = 0; look < 10; look++) {
            assertThat(b.living("broker", BOTH)).isEqualTo(BOTH);
            assertThat(a.living("broker", BOTH)).isEqualTo(BOTH);
            pass(LOOK);
        }
    }

    @Test
    void aMemberIsDeadWhenItsMarkStayedFreeForSomeLooks() {
        broker.expire();
        assertThat(a.living("broker", BOTH)).isEqualTo(BOTH);
        pass(LOOK.multipliedBy(2));
        assertThat(a.living("broker", BOTH)).isEqualTo(BOTH);
        pass(LOOK);
        assertThat(a.living("broker", BOTH)).containsExactly("a");
    }

    @Test
    void aMemberThatComesBackLivesAtOnce() {
        aMemberIsDeadWhenItsMarkStayedFreeForSomeLooks();
        b.living("broker", BOTH);
        assertThat(a.living("broker", BOTH)).isEqualTo(BOTH);
    }

    @Test
    void aBrokerThatForgotItsLocksMakesNobodyDead() {
        for (int look = 0; look < 10; look++) {
            broker.expire();
            assertThat(a.living("broker", BOTH)).isEqualTo(BOTH);
            b.living("broker", BOTH);
            pass(LOOK);
            assertThat(a.living("broker", BOTH)).isEqualTo(BOTH);
        }
    }

    @Test
    void whoStoodStillBeginsAnew() {
        a.living("broker", BOTH);
        pass(Duration.ofMinutes(2));
        assertThat(a.living("broker", BOTH)).isEqualTo(BOTH);
        pass(LOOK);
        assertThat(a.living("broker", BOTH)).isEqualTo(BOTH);
    }

    @Test
    void marksOfAnotherBrokerCountAnewButTheDeadStayDead() {
        List<String> all = List.of("a", "b", "c");
        b.living("one", all);
        for (int look = 0; look < 5; look++) {
            a.living("one", all);
            pass(LOOK);
        }
        assertThat(a.living("one", all)).containsExactly("a", "b");
        broker.expire();
        assertThat(a.living("two", all)).containsExactly("a", "b");
        pass(LOOK);
        assertThat(a.living("two", all)).containsExactly("a", "b");
    }

    /** Two that ask at the same instant: one of them finds the mark taken by the other. */
    @Test
    void anotherThatAsksIsNotTakenForTheMember() {
        aMemberIsDeadWhenItsMarkStayedFreeForSomeLooks();
        broker.others.put("b", "c");
        broker.othersLeaveAfter = 1;
        assertThat(a.living("broker", BOTH)).containsExactly("a");
    }

    @Test
    void aBrokerThatDoesNotAnswerMakesNobodyDead() {
        broker.silent = true;
        for (int look = 0; look < 10; look++) {
            assertThat(a.living("broker", BOTH)).isEqualTo(BOTH);
            pass(LOOK);
        }
    }

    @Test
    void nobodyIsAskedForAMemberThatIsAlone() {
        assertThat(a.living("broker", List.of("a"))).containsExactly("a");
        assertThat(broker.requests).isZero();
    }

    @Test
    void nothingIsLeftOfMembersThatWent() {
        b.living("broker", BOTH);
        a.living("broker", BOTH);
        a.living("broker", List.of("a"));
        b.remove();
        a.living("broker", List.of("a"));
        a.remove();
        assertThat(broker.owners).isEmpty();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    /** As {@code RebalanceLockManager} does it. */
    private static final class Broker {
        final Map<String, String> owners = new HashMap<>();
        final Map<String, String> others = new HashMap<>();
        int othersLeaveAfter;
        int requests;
        boolean silent;

        void expire() {
            owners.clear();
        }

        LifeMarks.Locks as(String id) {
            return new LifeMarks.Locks() {
                @Override
                public Set<MessageQueue> take(String broker, Set<MessageQueue> queues) {
                    requests++;
                    if (silent) {
                        throw new ConnectionException("silent");
                    }
                    Set<MessageQueue> taken = new HashSet<>(queues);
                    taken.removeIf(each -> others.containsKey(each.getBrokerName()));
                    taken.removeIf(each ->
                            !owners.computeIfAbsent(broker + each, free -> id).equals(id));
                    if (othersLeaveAfter-- == 0) {
                        others.clear();
                    }
                    return taken;
                }

                @Override
                public void release(String broker, Set<MessageQueue> queues) {
                    queues.forEach(each -> owners.remove(broker + each, id));
                }
            };
        }
    }
}
