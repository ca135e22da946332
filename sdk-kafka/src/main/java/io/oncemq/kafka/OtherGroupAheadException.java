package io.oncemq.kafka;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/** Both consumer groups of a subscription have offsets, and those of the other one are later: its messages would be read again. */
final class OtherGroupAheadException extends RetriableException {
    private static final long serialVersionUID = 1L;

    OtherGroupAheadException(TopicPartition partition, GroupName name, long own, long other) {
        super("consumer group " + name.own() + " is at offset " + own + " of " + partition + ", and consumer group "
                + name.other()
                + " at the later offset " + other
                + ". Stop all members of both, then delete the offsets that are not to count: "
                + "kafka-consumer-groups.sh --delete-offsets --topic " + partition.topic() + " --group " + name.own()
                + " to continue at " + other + ", or --group " + name.other() + " to continue at " + own);
    }
}
