package io.oncemq.rocket;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.route.QueueData;
import org.apache.rocketmq.remoting.protocol.route.TopicRouteData;

/**
 * How many queues a topic has for writing on each of its brokers: over them, sorted by broker and number, keys are placed. Immutable.
 *
 * <p>The size of the whole layout also stands with each broker, in the bits of the topic's system flags that RocketMQ does not use (it uses
 * two): so it can be told whether a route, which names only brokers that are there, names all of them.
 *
 * @param shares by broker name
 */
record Layout(SortedMap<String, Integer> shares) {
    static final Layout NONE = new Layout(new TreeMap<>());

    private static final int FLAG_BITS = 8;
    private static final int LARGEST = 0x7F_FFFF;

    Layout {
        shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
    }

    /** Queues dealt out evenly over brokers. */
    static Layout spread(int queues, List<String> brokers) {
        SortedMap<String, Integer> shares = new TreeMap<>();
        for (int i = 0; i < queues; i++) {
            shares.merge(brokers.get(i % brokers.size()), 1, Integer::sum);
        }
        return new Layout(shares);
    }

    /** {@code broker-a:4;broker-b:4}, as RocketMQ writes the queues of ordered topics. */
    static Layout parse(String text) {
        SortedMap<String, Integer> shares = new TreeMap<>();
        for (String part : text.split(";")) {
            int colon = part.lastIndexOf(':');
            shares.put(part.substring(0, colon), Integer.parseInt(part.substring(colon + 1)));
        }
        return new Layout(shares);
    }

    /** What the brokers of a route have. */
    static Layout of(TopicRouteData route) {
        SortedMap<String, Integer> shares = new TreeMap<>();
        for (QueueData data : route.getQueueDatas()) {
            if (data.getWriteQueueNums() > 0) {
                shares.put(data.getBrokerName(), data.getWriteQueueNums());
            }
        }
        return new Layout(shares);
    }

    /** How many queues the brokers of a route say that the topic has; 0 if none says it. */
    static int declared(TopicRouteData route) {
        return route.getQueueDatas().stream()
                .mapToInt(data -> data.getTopicSysFlag() >>> FLAG_BITS)
                .max()
                .orElse(0);
    }

    /** The system flags of a topic of this layout. */
    int flags() {
        return size() <= LARGEST ? size() << FLAG_BITS : 0;
    }

    /** What there is by now, where a route tells of some brokers only: they have what they say, and the others what they had. */
    Layout seen(TopicRouteData route) {
        SortedMap<String, Integer> shares = new TreeMap<>(this.shares);
        for (QueueData data : route.getQueueDatas()) {
            shares.put(data.getBrokerName(), data.getWriteQueueNums());
        }
        shares.values().removeIf(share -> share <= 0);
        // A topic that can be written nowhere is closed, and has not lost its queues.
        return shares.isEmpty() ? this : new Layout(shares);
    }

    boolean isEmpty() {
        return shares.isEmpty();
    }

    int size() {
        return shares.values().stream().mapToInt(Integer::intValue).sum();
    }

    List<MessageQueue> queues(String topic) {
        List<MessageQueue> queues = new ArrayList<>(size());
        for (Map.Entry<String, Integer> share : shares.entrySet()) {
            for (int id = 0; id < share.getValue(); id++) {
                queues.add(new MessageQueue(topic, share.getKey(), id));
            }
        }
        return List.copyOf(queues);
    }

    @Override
    public String toString() {
        return shares.entrySet().stream()
                .map(share -> share.getKey() + ":" + share.getValue())
                .collect(Collectors.joining(";"));
    }
}
