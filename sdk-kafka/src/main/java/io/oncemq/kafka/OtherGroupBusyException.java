package io.oncemq.kafka;

import org.apache.kafka.common.errors.RetriableException;

/** Members of the subscription's other consumer group still read its topic, so its offsets are not final. */
final class OtherGroupBusyException extends RetriableException {
    private static final long serialVersionUID = 1L;

    OtherGroupBusyException(String topic, GroupName name, long members) {
        super("consumer group " + name.other() + " still has " + members + " members that read topic " + topic
                + ". Consumer group " + name.own()
                + " begins at its offsets when they have stopped. Stop them, or join them with "
                + ConsumerGroups.OPTION + "=" + (name.own().startsWith(name.other()) ? "group" : "subscription"));
    }
}
