package io.oncemq.rocket;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.PublishRejectedException.Reason;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.exception.RemotingTooMuchRequestException;
import org.apache.rocketmq.remoting.protocol.RemotingSysResponseCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.jspecify.annotations.Nullable;

/** What the client's exceptions mean here. */
final class RocketErrors {
    /** In the remark of an answer; its code means other things as well. Both stand for a message that is not stored. */
    private static final String DELAY_TOO_LONG = "timer message illegal";

    /** Its topic has fewer queues by now. The code of that answer differs between versions. */
    private static final String NO_SUCH_QUEUE = "request queueId[";

    private static final String TIMER_OFF = "timer message is not enabled";
    private static final String FILTERS_OFF = "does not support consumer to filter message";

    private RocketErrors() {}

    /** What becomes of a message whose send ended so. */
    enum Fate {
        /** Certainly not stored, for a passing reason. */
        NOT_SENT,
        /** Certainly not stored, for good. */
        REJECTED,
        /** Perhaps stored. */
        UNKNOWN
    }

    /** @param reason for {@link Fate#REJECTED} */
    record Outcome(Fate fate, @Nullable Reason reason) {
        private static final Outcome NOT_SENT = new Outcome(Fate.NOT_SENT, null);
        private static final Outcome UNKNOWN = new Outcome(Fate.UNKNOWN, null);

        private static Outcome rejected(Reason reason) {
            return new Outcome(Fate.REJECTED, reason);
        }
    }

    /**
     * The outcome of a send. An answer that says why nothing was stored counts as that; SYSTEM_ERROR, a time-out and a connection that broke
     * with the request on its way do not.
     *
     * @param proved whether the destination has stored messages before: a broker that has lost it, such as one that came up without its
     *     data, or took over from another one, may get it back
     */
    static Outcome outcome(Throwable error, boolean proved) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof MQBrokerException answer) {
                return answered(answer, proved);
            }
            if (cause instanceof RemotingConnectException || cause instanceof RemotingTooMuchRequestException) {
                return Outcome.NOT_SENT;
            }
        }
        return error instanceof MQClientException client && client.getCause() == null
                ? refusedByClient(client)
                : Outcome.UNKNOWN;
    }

    private static Outcome answered(MQBrokerException answer, boolean proved) {
        String remark = String.valueOf(answer.getErrorMessage());
        if (remark.contains(NO_SUCH_QUEUE)) {
            return Outcome.NOT_SENT;
        }
        return switch (answer.getResponseCode()) {
            case ResponseCode.MESSAGE_ILLEGAL ->
                Outcome.rejected(remark.contains(DELAY_TOO_LONG) ? Reason.REFUSED : Reason.TOO_LARGE);
            case ResponseCode.SYSTEM_ERROR ->
                remark.contains(TIMER_OFF) ? Outcome.rejected(Reason.REFUSED) : Outcome.UNKNOWN;
            case ResponseCode.TOPIC_NOT_EXIST -> proved ? Outcome.NOT_SENT : Outcome.rejected(Reason.UNROUTABLE);
            case ResponseCode.NO_PERMISSION -> Outcome.rejected(Reason.UNAUTHORIZED);
            default -> isTurnedAway(answer.getResponseCode()) ? Outcome.NOT_SENT : Outcome.UNKNOWN;
        };
    }

    /** Asked before the store is: the broker is busy, or takes nothing at the moment. */
    private static boolean isTurnedAway(int code) {
        return code == RemotingSysResponseCode.SYSTEM_BUSY
                || code == ResponseCode.SERVICE_NOT_AVAILABLE
                || code == ResponseCode.FLOW_CONTROL;
    }

    /** Why the broker takes nothing at the moment, in its words, if that is what it answered to a send; else null. */
    static @Nullable String turnedAway(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof MQBrokerException answer) {
                return isTurnedAway(answer.getResponseCode()) ? String.valueOf(answer.getErrorMessage()) : null;
            }
        }
        return null;
    }

    /** Thrown before a byte was written. */
    private static Outcome refusedByClient(MQClientException refusal) {
        return refusal.getResponseCode() == ResponseCode.MESSAGE_ILLEGAL
                ? Outcome.rejected(Reason.TOO_LARGE)
                : Outcome.NOT_SENT;
    }

    /** The exception that a caller of ours shall see. */
    static MessagingException translate(String doing, Throwable error) {
        if (error instanceof MessagingException ours) {
            return ours;
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (code(cause) == ResponseCode.NO_PERMISSION) {
                return new AuthenticationException(
                        "credentials",
                        "***",
                        "the broker refuses it while " + doing + ": " + cause.getMessage(),
                        "Check Rocket.credentials(accessKey, secretKey) and what the user may do",
                        error);
            }
            if (code(cause) == ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST) {
                return new ConfigurationException(
                        "group",
                        String.valueOf(cause.getMessage()),
                        "does not exist on the broker, which creates none by itself"
                                + " (autoCreateSubscriptionGroup=false)",
                        "Create the consumer group on every broker: for a group of the destination by"
                                + " MessagingClient.ensure, otherwise for example with mqadmin updateSubGroup");
            }
            if (isFilterRefused(cause)) {
                return filterRefused("(of the subscription)", "a broker", cause);
            }
            if (cause instanceof RemotingException || cause instanceof InterruptedException) {
                return new ConnectionException(
                        doing + ": RocketMQ could not be reached, or did not answer: " + cause.getMessage(), error);
            }
        }
        return new MessagingException(doing + " failed: " + error, error);
    }

    static ConfigurationException filterRefused(Object filter, String broker, Throwable error) {
        return new ConfigurationException(
                "filter",
                filter,
                "is refused by " + broker + ": " + error.getMessage(),
                "Correct the condition; SQL92 filters need enablePropertyFilter=true on every broker");
    }

    /** Whether a broker does not understand a filter, or is not set to. */
    static boolean isFilterRefused(Throwable error) {
        return switch (code(error)) {
            case ResponseCode.SUBSCRIPTION_PARSE_FAILED -> true;
            case ResponseCode.SYSTEM_ERROR -> String.valueOf(error.getMessage()).contains(FILTERS_OFF);
            default -> false;
        };
    }

    /** Whether a broker says that it has no such topic. */
    static boolean isWithoutTopic(Throwable error) {
        return isAnswer(error, ResponseCode.TOPIC_NOT_EXIST);
    }

    /** Whether a broker says that it has no such group, and makes none. */
    static boolean isWithoutGroup(Throwable error) {
        return isAnswer(error, ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST);
    }

    /** Whether a server has said so, and not the client. */
    static boolean isAnswered(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (code(cause) > 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAnswer(Throwable error, int code) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (code(cause) == code) {
                return true;
            }
        }
        return false;
    }

    /** The code of an answer, or −1. */
    static int code(Throwable error) {
        if (error instanceof MQBrokerException broker) {
            return broker.getResponseCode();
        }
        return error instanceof MQClientException client ? client.getResponseCode() : -1;
    }
}
