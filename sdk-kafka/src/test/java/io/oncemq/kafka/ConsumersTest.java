package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ConsumersTest {
    private final Consumers broker = consumers(GroupProtocol.CONSUMER);
    private final Consumers members = consumers(GroupProtocol.CLASSIC);

    private static Consumers consumers(GroupProtocol protocol) {
        return new Consumers(protocol, () -> {
            throw new AssertionError("not opened");
        });
    }

    @Test
    void aFinalAnswerEndsTheMembership() {
        assertThat(broker.endsMembership(new GroupMaxSizeReachedException("full")))
                .isTrue();
        assertThat(broker.endsMembership(new TimeoutException("late"))).isFalse();
    }

    /** The client's own thread gives up its membership after any of these, and the next polls are silent. */
    @Test
    void anUnexpectedErrorOfTheClientEndsTheMembershipThoughItIsNoAnswerOfABroker() {
        assertThat(broker.endsMembership(new KafkaException(new IllegalStateException("a bug"))))
                .isTrue();
        assertThat(broker.endsMembership(new InterruptException(new InterruptedException())))
                .isFalse();
    }

    @Test
    void aRecordThatCannotBeReadEndsNoMembership() {
        assertThat(broker.endsMembership(new KafkaException("fetching the next record", new CorruptRecordException())))
                .isFalse();
        assertThat(broker.endsMembership(new KafkaException("the batch is invalid")))
                .isFalse();
    }

    @Test
    void theClassicProtocolEndsItForALostRightOnly() {
        assertThat(members.endsMembership(GroupAuthorizationException.forGroupId("g")))
                .isTrue();
        assertThat(members.endsMembership(new GroupMaxSizeReachedException("full")))
                .isFalse();
        assertThat(members.endsMembership(new KafkaException(new IllegalStateException("a bug"))))
                .isFalse();
    }
}
