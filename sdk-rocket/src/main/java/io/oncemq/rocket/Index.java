package io.oncemq.rocket;

import io.oncemq.ConfigurationException;
import io.oncemq.MessageQuery;
import io.oncemq.spi.StoredMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.header.QueryMessageRequestHeader;

/**
 * Messages by the words that brokers index: ids and ordering keys, and the ids that RocketMQ's client gives, one like the other and by a hash
 * code. Thread-safe; blocks.
 */
final class Index {
    private static final long PATIENCE_MILLIS = 10_000;
    /** A broker brings no more (maxMsgsNumBatch), the newest first. */
    private static final int MOST = 64;

    private final MQClientAPIImpl api;
    private final Topics topics;

    Index(MQClientAPIImpl api, Topics topics) {
        this.api = api;
        this.topics = topics;
    }

    /** @throws ConfigurationException if it is no word */
    List<StoredMessage> find(String destination, MessageQuery query) {
        if (!RocketRecords.isWord(query.value())) {
            throw new ConfigurationException(
                    "MessageQuery." + query.by(),
                    query.value(),
                    "is not indexed by RocketMQ, which takes words: no white space, no unpaired surrogates",
                    "Read the destination by a group of its own instead");
        }
        String topic = topics.topic(destination);
        List<StoredMessage> found = new ArrayList<>();
        topics.readable(destination).stream()
                .map(MessageQueue::getBrokerName)
                .distinct()
                .forEach(broker -> ask(broker, topic, query.value()).stream()
                        .filter(each -> each.getTopic().equals(topic))
                        .map(each -> new StoredMessage(
                                Offsets.shard(new MessageQueue(topic, broker, each.getQueueId())),
                                RocketRecords.inbound(each)))
                        .forEach(found::add));
        return found;
    }

    private List<MessageExt> ask(String broker, String topic, String word) {
        String address = topics.master(broker);
        return Topics.asked("looking for " + word + " in " + topic, () -> {
            QueryMessageRequestHeader question = new QueryMessageRequestHeader();
            question.setTopic(topic);
            question.setKey(word);
            question.setMaxNum(MOST);
            question.setBeginTimestamp(0L);
            question.setEndTimestamp(Long.MAX_VALUE);
            RemotingCommand request = RemotingCommand.createRequestCommand(RequestCode.QUERY_MESSAGE, question);
            request.addExtField(MixAll.UNIQUE_MSG_QUERY_FLAG, Boolean.FALSE.toString());
            RemotingCommand answer = api.getRemotingClient().invokeSync(address, request, PATIENCE_MILLIS);
            return switch (answer.getCode()) {
                case ResponseCode.SUCCESS -> MessageDecoder.decodes(ByteBuffer.wrap(answer.getBody()), true);
                case ResponseCode.QUERY_NOT_FOUND -> List.of();
                default -> throw new MQBrokerException(answer.getCode(), answer.getRemark(), address);
            };
        });
    }
}
