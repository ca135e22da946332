package io.oncemq.rocket;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.rocketmq.client.impl.factory.MQClientInstance;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * What a transport gives to a source.
 *
 * @param client makes one, not started
 * @param topic the destination as the brokers know it
 * @param wanted what of it
 * @param group the reader as the brokers know it
 * @param route asks for the topic's queues
 */
record SourceParts(
        Supplier<MQClientInstance> client,
        String topic,
        Wanted wanted,
        String group,
        Callable<List<MessageQueue>> route) {
    GroupMember member(Runnable changed) {
        return new GroupMember(client.get(), topic, wanted, group, changed);
    }
}
