package io.oncemq.rocket;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
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
 * @param asking runs what waits for servers
 */
record SourceParts(
        Supplier<MQClientInstance> client,
        String topic,
        Wanted wanted,
        String group,
        Callable<List<MessageQueue>> route,
        ExecutorService asking) {
    GroupMember member(Runnable changed) {
        return new GroupMember(client.get(), topic, wanted, group, changed);
    }
}
