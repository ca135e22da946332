package io.oncemq.rocket;

import java.util.List;
import java.util.concurrent.Callable;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.RPCHook;
import org.jspecify.annotations.Nullable;

/**
 * What a transport gives to a source.
 *
 * @param topic the destination as the brokers know it
 * @param group the reader as the brokers know it
 * @param route asks for the topic's queues
 */
record SourceParts(
        ClientConfig config, @Nullable RPCHook hook, String topic, String group, Callable<List<MessageQueue>> route) {
    GroupMember member(Runnable changed) {
        return new GroupMember(config, hook, topic, group, changed);
    }
}
