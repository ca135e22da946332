package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.AuthenticationException;
import io.oncemq.ConnectionException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.rocket.RocketErrors.Fate;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.exception.RemotingSendRequestException;
import org.apache.rocketmq.remoting.exception.RemotingTimeoutException;
import org.apache.rocketmq.remoting.exception.RemotingTooMuchRequestException;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.junit.jupiter.api.Test;

class RocketErrorsTest {
    @Test
    void callsUnknownWhateverMayHaveReachedTheBroker() {
        assertThat(fate(new MQClientException("wait response timeout", new RemotingTimeoutException("late"))))
                .isEqualTo(Fate.UNKNOWN);
        assertThat(fate(new MQClientException("send request failed", new RemotingSendRequestException("broken"))))
                .isEqualTo(Fate.UNKNOWN);
        assertThat(fate(new MQBrokerException(ResponseCode.SYSTEM_ERROR, "?"))).isEqualTo(Fate.UNKNOWN);
        assertThat(fate(new IllegalStateException("?"))).isEqualTo(Fate.UNKNOWN);
        assertThat(fate(new InterruptedException())).isEqualTo(Fate.UNKNOWN);
    }

    @Test
    void callsNotSentWhatNeverLeftOrWasPutOff() {
        assertThat(fate(new MQClientException("unknown reason", new RemotingConnectException("a:1"))))
                .isEqualTo(Fate.NOT_SENT);
        assertThat(fate(new RemotingTooMuchRequestException("full"))).isEqualTo(Fate.NOT_SENT);
        assertThat(fate(new MQBrokerException(ResponseCode.SYSTEM_BUSY, "busy")))
                .isEqualTo(Fate.NOT_SENT);
        assertThat(fate(new MQBrokerException(ResponseCode.SERVICE_NOT_AVAILABLE, "full")))
                .isEqualTo(Fate.NOT_SENT);
        assertThat(fate(new MQClientException("The broker[a] not exist", null))).isEqualTo(Fate.NOT_SENT);
    }

    @Test
    void namesTheReasonOfWhatIsRejected() {
        assertThat(RocketErrors.outcome(new MQBrokerException(ResponseCode.TOPIC_NOT_EXIST, ""), false)
                        .reason())
                .isEqualTo(Reason.UNROUTABLE);
        assertThat(RocketErrors.outcome(new MQBrokerException(ResponseCode.MESSAGE_ILLEGAL, ""), false)
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(RocketErrors.outcome(new MQBrokerException(ResponseCode.NO_PERMISSION, ""), false)
                        .reason())
                .isEqualTo(Reason.UNAUTHORIZED);
        assertThat(RocketErrors.outcome(new MQClientException(ResponseCode.MESSAGE_ILLEGAL, ""), false)
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
    }

    /** As 5.5 writes them (SendMessageProcessor). */
    @Test
    void rejectsADelayThatTheBrokerDoesNotTake() {
        assertThat(RocketErrors.outcome(
                                new MQBrokerException(
                                        ResponseCode.MESSAGE_ILLEGAL,
                                        "timer message illegal, the delay time should not be bigger than the max delay 1ms"),
                                false)
                        .reason())
                .isEqualTo(Reason.REFUSED);
        assertThat(RocketErrors.outcome(
                                new MQBrokerException(
                                        ResponseCode.SYSTEM_ERROR,
                                        "accurate timer message is not enabled, timerWheelEnable is false"),
                                false)
                        .reason())
                .isEqualTo(Reason.REFUSED);
    }

    /** A broker that took over, or came up without its data, may get the topic back; one that never was is a mistake of the caller. */
    @Test
    void aTopicThatHasStoredMessagesIsNotGoneForGood() {
        MQBrokerException missing = new MQBrokerException(ResponseCode.TOPIC_NOT_EXIST, "not exist");
        assertThat(RocketErrors.outcome(missing, true).fate()).isEqualTo(Fate.NOT_SENT);
        assertThat(RocketErrors.outcome(missing, false).fate()).isEqualTo(Fate.REJECTED);
    }

    /** AbstractSendMessageProcessor.msgCheck: nothing is stored. */
    @Test
    void aQueueThatIsNoMoreStoresNothing() {
        String remark = "request queueId[3] is illegal, TopicConfig [topicName=t, readQueueNums=2]";
        assertThat(fate(new MQBrokerException(ResponseCode.SYSTEM_ERROR, remark)))
                .isEqualTo(Fate.NOT_SENT);
        assertThat(fate(new MQBrokerException(ResponseCode.INVALID_PARAMETER, remark)))
                .isEqualTo(Fate.NOT_SENT);
    }

    @Test
    void tellsARefusalFromAnAbsence() {
        assertThat(RocketErrors.translate("x", new MQBrokerException(ResponseCode.NO_PERMISSION, "no")))
                .isInstanceOf(AuthenticationException.class);
        assertThat(RocketErrors.translate("x", new RemotingConnectException("a:1")))
                .isInstanceOf(ConnectionException.class);
    }

    private static Fate fate(Throwable error) {
        return RocketErrors.outcome(error, false).fate();
    }
}
