package io.oncemq.rocket;

import io.oncemq.ConnectionException;
import java.util.List;
import java.util.Set;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.client.impl.MQClientManager;
import org.apache.rocketmq.client.impl.consumer.MQConsumerInner;
import org.apache.rocketmq.client.impl.factory.MQClientInstance;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.body.ConsumerRunningInfo;
import org.apache.rocketmq.remoting.protocol.heartbeat.ConsumeType;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;
import org.apache.rocketmq.remoting.protocol.heartbeat.SubscriptionData;

/**
 * One source as the brokers know it: a client with connections, an id and a heartbeat of its own, by which the members of a group find each
 * other. A broker lists the members of a group whatever they read, so the id carries the topic, and only those of the same topic count.
 * Thread-safe; what asks a server blocks.
 */
final class GroupMember {
    private static final long PATIENCE_MILLIS = 3_000;

    private final MQClientInstance client;
    private final String topic;
    private final String group;
    private final Runnable changed;

    /** @param changed told, on a thread of the client, that members may have come or gone */
    GroupMember(MQClientInstance client, String topic, String group, Runnable changed) {
        this.client = client;
        this.topic = topic;
        this.group = group;
        this.changed = changed;
    }

    /** Part of the instance name that tells who reads the topic. */
    static String mark(String topic) {
        return topic + "#";
    }

    void start() throws MQClientException {
        client.start();
        client.registerConsumer(group, new Inner());
    }

    String id() {
        return client.getClientId();
    }

    MQClientAPIImpl api() {
        return client.getMQClientAPIImpl();
    }

    /** Where the master of that name listens. @throws ConnectionException if none is known */
    String address(String broker) {
        String address = client.findBrokerAddressInPublish(broker);
        if (address == null) {
            throw new ConnectionException("no broker " + broker + " is registered with the name server");
        }
        return address;
    }

    /** Learns where the topic's brokers are. What is known already stays while the name server is away. */
    void refreshRoute() {
        client.updateTopicRouteInfoFromNameServer(topic);
    }

    void heartbeat() {
        client.sendHeartbeatToAllBrokerWithLock();
    }

    /** The ids of the group's members that read this topic, as a broker knows them. */
    List<String> members(String broker) throws Exception {
        String mine = "@" + mark(topic);
        return api().getConsumerIdListByGroup(address(broker), group, PATIENCE_MILLIS).stream()
                .filter(id -> id.contains(mine))
                .sorted()
                .toList();
    }

    /** Tells the brokers, and closes the connections. */
    void leave() {
        client.unregisterConsumer(group);
        Shutdown.of(api(), client::shutdown);
        // A client that was never started stays known otherwise.
        MQClientManager.getInstance().removeClientFactory(client.getClientId());
    }

    /** What the client asks of a consumer: it sends heartbeats for it, and passes on what brokers say of its group. */
    private final class Inner implements MQConsumerInner {
        @Override
        public String groupName() {
            return group;
        }

        @Override
        public MessageModel messageModel() {
            return MessageModel.CLUSTERING;
        }

        @Override
        public ConsumeType consumeType() {
            return ConsumeType.CONSUME_PASSIVELY;
        }

        @Override
        public ConsumeFromWhere consumeFromWhere() {
            return ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET;
        }

        /** None: members that read other topics would replace each other's at every heartbeat. A pull says what it wants. */
        @Override
        public Set<SubscriptionData> subscriptions() {
            return Set.of();
        }

        @Override
        public void doRebalance() {
            changed.run();
        }

        @Override
        public boolean tryRebalance() {
            changed.run();
            return true;
        }

        @Override
        public void persistConsumerOffset() {}

        @Override
        public void updateTopicSubscribeInfo(String updated, Set<MessageQueue> info) {}

        @Override
        public boolean isSubscribeTopicNeedUpdate(String asked) {
            return false;
        }

        @Override
        public boolean isUnitMode() {
            return false;
        }

        @Override
        public ConsumerRunningInfo consumerRunningInfo() {
            return new ConsumerRunningInfo();
        }
    }
}
