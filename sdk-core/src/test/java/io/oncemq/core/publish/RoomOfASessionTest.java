package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session that has no room for the messages of one broker: they wait shortly, and the sender is never held. */
class RoomOfASessionTest {
    private final Rig rig = new Rig(PublishOrder.ONE_PER_KEY);

    @AfterEach
    void nothingIsLeft() {
        rig.assertNothingIsLeft();
    }

    @Test
    void theMessagesOfOtherDestinationsGoInTheSameTurn() {
        rig.broker.hasNoRoomFor = frame -> frame.destination().equals("full");
        for (int i = 0; i < 5; i++) {
            rig.publish(Rig.frame("full", "f" + i, "k" + i), Rig.DEADLINE);
            rig.publish(Rig.frame("free", "r" + i, "k" + i), Rig.DEADLINE);
        }
        rig.run();
        assertThat(rig.broker.session().taken).containsExactly("r0", "r1", "r2", "r3", "r4");
    }

    /** A back-off, which grows, would keep the broker waiting for messages. */
    @Test
    void theyAreHandedOverAgainSoonHoweverOftenThereWasNoRoom() {
        rig.broker.hasNoRoomFor = frame -> true;
        rig.publish("1", "a");
        rig.publish("2", "a");
        rig.publish("3", "b");
        for (int i = 0; i < 1_000; i++) {
            rig.nanos += Duration.ofMillis(2).toNanos();
            rig.run();
        }
        assertThat(rig.broker.session().taken).isEmpty();
        rig.broker.hasNoRoomFor = frame -> false;
        rig.nanos += Duration.ofMillis(2).toNanos();
        rig.run();
        assertThat(rig.broker.session().taken).containsExactly("1", "3");
        rig.broker.session().confirm();
        rig.run();
        assertThat(rig.broker.session().taken).containsExactly("1", "3", "2");
        assertThat(rig.broker.sessions).as("it is no trouble of the session").hasSize(1);
    }

    /** In its place in the log, where the session keeps the order of all that it is given. */
    @Test
    void theOrderOfAKeyHoldsWhereSeveralOfItMayBeOpen() {
        Rig several = new Rig(PublishOrder.SESSION_PREFIX);
        several.broker.hasNoRoomFor = frame -> frame.id().equals("1");
        several.publish("1", "a");
        several.publish("2", "a");
        several.run();
        assertThat(several.broker.session().taken).isEmpty();
        several.broker.hasNoRoomFor = frame -> false;
        several.nanos += Duration.ofMillis(2).toNanos();
        several.run();
        assertThat(several.broker.session().taken).containsExactly("1", "2");
        several.assertNothingIsLeft();
    }
}
