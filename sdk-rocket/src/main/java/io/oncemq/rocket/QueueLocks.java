package io.oncemq.rocket;

import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.body.LockBatchRequestBody;
import org.apache.rocketmq.remoting.protocol.body.UnlockBatchRequestBody;

/**
 * The locks that a broker keeps, in memory, for a group's queues: whoever has one must repeat it before it expires. They are what keeps two
 * members off one queue during a handover (M8); a broker does not look at them when it is pulled from, nor when offsets are
 * committed. Thread-safe; every method blocks.
 */
final class QueueLocks implements LifeMarks.Locks {
    private static final long PATIENCE_MILLIS = 3_000;

    private final MQClientAPIImpl api;
    private final UnaryOperator<String> address;
    private final String group;
    private final String owner;

    QueueLocks(MQClientAPIImpl api, UnaryOperator<String> address, String group, String owner) {
        this.api = api;
        this.address = address;
        this.group = group;
        this.owner = owner;
    }

    /** Takes or renews locks of queues of one broker. @return those that this member has now */
    @Override
    public Set<MessageQueue> take(String broker, Set<MessageQueue> queues) {
        return Topics.asked("locking queues of " + broker, () -> {
            LockBatchRequestBody request = new LockBatchRequestBody();
            request.setConsumerGroup(group);
            request.setClientId(owner);
            request.setMqSet(queues);
            return api.lockBatchMQ(address.apply(broker), request, PATIENCE_MILLIS);
        });
    }

    @Override
    public void release(String broker, Set<MessageQueue> queues) {
        Topics.asked("unlocking queues of " + broker, () -> {
            UnlockBatchRequestBody request = new UnlockBatchRequestBody();
            request.setConsumerGroup(group);
            request.setClientId(owner);
            request.setMqSet(queues);
            api.unlockBatchMQ(address.apply(broker), request, PATIENCE_MILLIS, false);
            return broker;
        });
    }
}
