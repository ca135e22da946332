package io.oncemq.rocket;

import io.oncemq.ConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.CommunicationMode;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.client.impl.MQClientManager;
import org.apache.rocketmq.client.impl.consumer.MQConsumerInner;
import org.apache.rocketmq.client.impl.factory.MQClientInstance;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.common.sysflag.PullSysFlag;
import org.apache.rocketmq.remoting.protocol.body.ConsumerRunningInfo;
import org.apache.rocketmq.remoting.protocol.header.PullMessageRequestHeader;
import org.apache.rocketmq.remoting.protocol.heartbeat.ConsumeType;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;
import org.apache.rocketmq.remoting.protocol.heartbeat.SubscriptionData;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.remoting.protocol.route.TopicRouteData;

/**
 * One source as the brokers know it: a client with connections, an id and a heartbeat of its own, by which the members of a group find each
 * other. A broker lists the members of a group whatever they read, so the id carries the topic, and only those of the same topic count.
 * Thread-safe; what asks a server blocks.
 */
final class GroupMember {
    private static final long PATIENCE_MILLIS = 3_000;
    private static final int GOODBYES = 3;
    private static final long GOODBYE_MILLIS = 3_000;
    private static final int HEARTBEATS = 50;
    private static final Duration HEARTBEAT_PAUSE = Duration.ofMillis(20);
    private static final Duration DISPATCH_PAUSE = Duration.ofMillis(20);

    private final MQClientInstance client;
    private final String topic;
    private final Wanted wanted;
    private final String group;
    private final Runnable changed;

    /** @param changed told, on a thread of the client, that members may have come or gone */
    GroupMember(MQClientInstance client, String topic, Wanted wanted, String group, Runnable changed) {
        this.client = client;
        this.topic = topic;
        this.wanted = wanted;
        this.group = group;
        this.changed = changed;
    }

    /** What the instance name begins with: it tells who reads the topic, and what of it. */
    static String mark(String topic, Wanted wanted) {
        return topic + "#" + wanted.mark() + "#";
    }

    Wanted wanted() {
        return wanted;
    }

    /** Whether a member of this topic wants the same messages. */
    boolean isAlike(String id) {
        return id.contains("@" + mark(topic, wanted));
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

    /** Throws if the queue's broker has no such group and makes none by itself: it passes over heartbeats of its members and does not say so. */
    void askForGroup(MessageQueue queue) throws Exception {
        PullMessageRequestHeader one = new PullMessageRequestHeader();
        one.setConsumerGroup(group);
        one.setTopic(queue.getTopic());
        one.setQueueId(queue.getQueueId());
        one.setQueueOffset(0L);
        one.setMaxMsgNums(1);
        one.setSysFlag(PullSysFlag.buildSysFlag(false, false, true, false));
        one.setCommitOffset(0L);
        one.setSuspendTimeoutMillis(0L);
        one.setSubscription(SubscriptionData.SUB_ALL);
        one.setSubVersion(0L);
        api().pullMessage(address(queue.getBrokerName()), one, PATIENCE_MILLIS, CommunicationMode.SYNC, null);
    }

    Dispatch dispatch() {
        return new Dispatch(this::runtimeInfo, DISPATCH_PAUSE);
    }

    private Map<String, String> runtimeInfo(String broker) {
        return Topics.asked(
                "asking " + broker + " how it is",
                () -> api().getBrokerRuntimeInfo(address(broker), PATIENCE_MILLIS)
                        .getTable());
    }

    /** Learns where the topic's brokers are. What is known already stays while the name server is away. */
    void refreshRoute() {
        client.updateTopicRouteInfoFromNameServer(topic);
    }

    /**
     * Returns when the brokers have had one, or shortly after if none is known. The client sends one by itself over each new connection, and passes
     * over all others meanwhile, so it is asked again.
     */
    void heartbeat() {
        for (int tried = 0; tried < HEARTBEATS && !client.sendHeartbeatToAllBrokerWithLock(); tried++) {
            LockSupport.parkNanos(HEARTBEAT_PAUSE.toNanos());
        }
    }

    /**
     * The ids of the group's members that read this topic, as a broker knows them: each once, though a broker that stood still lists a member for
     * each of its connections, also for those that are closed (S12).
     */
    List<String> members(String broker) throws Exception {
        String mine = "@" + topic + "#";
        return alike(api().getConsumerIdListByGroup(address(broker), group, PATIENCE_MILLIS), mine);
    }

    static List<String> alike(List<String> listed, String mark) {
        return listed.stream()
                .filter(id -> id.contains(mark))
                .sorted()
                .distinct()
                .toList();
    }

    /**
     * Tells the brokers, and closes the connections: within some seconds, since a broker that stands still answers none of it, and drops
     * the member with its connections.
     *
     * @param last what is to be told beside
     */
    void leave(Runnable last) {
        Thread telling = new Thread(() -> sayGoodbye(last), "oncemq-rocket-leaving-" + group);
        telling.setDaemon(true);
        telling.start();
        try {
            telling.join(GOODBYE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        telling.interrupt();
        Shutdown.of(api(), client::shutdown);
        // A client that was never started stays known otherwise.
        MQClientManager.getInstance().removeClientFactory(client.getClientId());
    }

    /** A heartbeat on its way would bring it back, for as long as a broker bears silence. */
    private void sayGoodbye(Runnable last) {
        client.unregisterConsumer(group);
        for (int tried = 0; tried < GOODBYES && !Thread.currentThread().isInterrupted() && isListed(); tried++) {
            client.unregisterConsumer(group);
        }
        last.run();
    }

    private boolean isListed() {
        TopicRouteData route = client.getAnExistTopicRouteData(topic);
        if (route == null) {
            return false;
        }
        for (BrokerData each : route.getBrokerDatas()) {
            try {
                if (members(each.getBrokerName()).contains(id())) {
                    return true;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (Exception notKnown) {
                continue;
            }
        }
        return false;
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
