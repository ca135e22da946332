package io.oncemq.rocket;

import io.oncemq.AuthenticationException;
import io.oncemq.Backlog;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingException;
import io.oncemq.spi.support.ExistingPartitions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.constant.PermName;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.heartbeat.SubscriptionData;
import org.apache.rocketmq.remoting.protocol.route.QueueData;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Topics and their queues, and what else is asked of a whole cluster. Thread-safe; every method that asks blocks. */
final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final String ANY_BROKER = "TBW102";
    private static final long PATIENCE_MILLIS = 5_000;
    /** Half a minute: a busy machine's first answer has been seen to take longer than {@link #PATIENCE_MILLIS}. */
    private static final int TRIES = 6;

    private final MQClientAPIImpl api;
    private final String namespace;
    private final Layouts layouts;
    private final LifeSigns signs;

    Topics(MQClientAPIImpl api, String namespace) {
        this.api = api;
        this.namespace = namespace;
        this.layouts = new Layouts(api);
        this.signs = new LifeSigns(api.getRemotingClient(), Duration.ofMillis(PATIENCE_MILLIS));
    }

    /** A question to the cluster. */
    interface Question<T> {
        T ask() throws Exception;
    }

    static <T> T asked(String doing, Question<T> question) {
        try {
            return question.ask();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw RocketErrors.translate(doing, e);
        }
    }

    /** Repeats what found no server, or got no answer, up to half a minute. For callers that have nobody behind them who tries again. */
    static <T> T patiently(Supplier<T> work) {
        return patiently(work, Duration.ofSeconds(30));
    }

    /** @param most after which no further try begins */
    static <T> T patiently(Supplier<T> work, Duration most) {
        long began = System.nanoTime();
        for (int tried = 1; ; tried++) {
            try {
                return work.get();
            } catch (ConnectionException e) {
                boolean late = System.nanoTime() - began >= most.toNanos();
                if (late || tried == TRIES || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
    }

    /** The topic of a destination. */
    String topic(String destination) {
        return RocketNames.topic(namespace, destination);
    }

    /** Where a broker's master listens. @throws ConnectionException if none is registered */
    String master(String broker) {
        String address = masters().get(broker);
        if (address == null) {
            throw new ConnectionException("no master of " + broker + " is registered with the name server");
        }
        return address;
    }

    /**
     * Finds out whether the brokers accept the credentials, which name servers do not look at: a heartbeat of nobody asks for no right. It is
     * enough that one of them answers.
     *
     * @throws io.oncemq.AuthenticationException if it does not
     */
    void login(String clientId) {
        signs.ask("logging in", masters(), clientId);
    }

    /** @throws ConnectionException if no broker answers, whatever the name server says; it names each broker */
    void ping(String clientId) {
        ConnectionException away = signs.ask("asking for a sign of life", masters(), clientId);
        if (away != null) {
            throw away;
        }
    }

    /**
     * Whether every broker that is there can filter so.
     *
     * @throws ConfigurationException if one cannot
     */
    void checkSql(String clientId, String destination, Wanted wanted) {
        SubscriptionData question = new SubscriptionData(topic(destination), wanted.expression());
        question.setExpressionType(wanted.language());
        masters()
                .forEach((broker, address) -> asked("checking a filter", () -> {
                    try {
                        api.checkClientInBroker(address, "oncemq", clientId, question, PATIENCE_MILLIS);
                        return broker;
                    } catch (MQClientException e) {
                        throw RocketErrors.isFilterRefused(e) ? RocketErrors.filterRefused(wanted, broker, e) : e;
                    }
                }));
    }

    /** The addresses of masters by the names of their brokers. */
    Map<String, String> masters() {
        return asked("asking the name server for brokers", () -> {
            Map<String, String> masters = new TreeMap<>();
            api.getBrokerClusterInfo(PATIENCE_MILLIS).getBrokerAddrTable().forEach((name, broker) -> {
                String master = broker.getBrokerAddrs().get(MixAll.MASTER_ID);
                if (master != null) {
                    masters.put(name, master);
                }
            });
            return masters;
        });
    }

    Properties settings(String address) {
        return asked("reading the settings of a broker", () -> api.getBrokerConfig(address, PATIENCE_MILLIS));
    }

    Layouts layouts() {
        return layouts;
    }

    boolean exists(String destination) {
        return !layouts.look(topic(destination)).kept().isEmpty();
    }

    /** Every queue that may hold messages: those that publishers use, and what others have added. In a fixed order. */
    List<MessageQueue> readable(String destination) {
        String topic = topic(destination);
        Layouts.View view = layouts.look(topic);
        Set<MessageQueue> all = new TreeSet<>(view.kept().queues(topic));
        // A broker that is there knows no others; asked for one of them it refuses.
        view.route()
                .getQueueDatas()
                .forEach(data -> all.removeIf(queue -> queue.getBrokerName().equals(data.getBrokerName())
                        && queue.getQueueId() >= Math.max(data.getReadQueueNums(), data.getWriteQueueNums())));
        for (QueueData data : view.route().getQueueDatas()) {
            for (int id = 0; PermName.isReadable(data.getPerm()) && id < data.getReadQueueNums(); id++) {
                all.add(new MessageQueue(topic, data.getBrokerName(), id));
            }
        }
        return List.copyOf(all);
    }

    /** Whether the group has a position in any queue. */
    boolean hasPosition(String destination, String group) {
        Offsets offsets = offsets();
        return readable(destination).stream()
                .anyMatch(queue -> offsets.stored(group, queue).isPresent());
    }

    /** What each queue holds for a group. */
    List<Backlog> backlog(String destination, String group) {
        Offsets offsets = offsets();
        return readable(destination).stream()
                .map(queue -> {
                    long position = offsets.stored(group, queue).orElse(-1);
                    long from = position < 0 ? offsets.first(queue) : position;
                    return new Backlog(Offsets.shard(queue), position, Math.max(0, offsets.end(queue) - from));
                })
                .toList();
    }

    private Offsets offsets() {
        Map<String, String> masters = masters();
        return new Offsets(api, broker -> {
            String address = masters.get(broker);
            if (address == null) {
                throw new ConnectionException("broker " + broker + " is unreachable");
            }
            return address;
        });
    }

    /** Creates it with its queues spread over the masters that are there; of one that exists it accepts what its brokers have. */
    void ensure(DestinationSpec destination) {
        destination.groups().forEach(group -> ensureGroup(group.name()));
        String topic = topic(destination.name());
        Layouts.View view = layouts.look(topic);
        int wanted = ExistingPartitions.orExisting(
                        destination, () -> view.kept().size())
                .partitions();
        if (view.kept().isEmpty()) {
            create(topic, wanted);
        } else if (view.isChanged() && view.actual().size() == wanted) {
            layouts.accept(topic, view.actual());
            declare(topic, view.actual());
        } else if (view.kept().size() != wanted) {
            throw new ConfigurationException(
                    "DestinationSpec.partitions",
                    wanted,
                    destination.name() + " has " + view.actual().size() + " queues",
                    "Use the existing number; to change it, let an operator change the topic on its brokers first"
                            + " (mqadmin updateTopic): keys move to other queues");
        } else {
            declare(topic, view.kept());
        }
    }

    /** Lets the brokers say how many queues the whole topic has, where they do not and the user may change it. */
    private void declare(String topic, Layout layout) {
        Map<String, String> masters = masters();
        layout.shares().keySet().stream().filter(masters::containsKey).forEach(broker -> {
            try {
                asked("describing " + topic + " on " + broker, () -> {
                    TopicConfig config = api.getTopicConfig(masters.get(broker), topic, PATIENCE_MILLIS);
                    if (config.getTopicSysFlag() != layout.flags()) {
                        config.setTopicSysFlag(layout.flags());
                        config.setAttributes(new HashMap<>());
                        api.createTopic(masters.get(broker), ANY_BROKER, config, PATIENCE_MILLIS);
                    }
                    return topic;
                });
            } catch (MessagingException e) {
                LOG.debug("{} does not note the size of {}: {}", broker, topic, e.toString());
            }
        });
    }

    /** For brokers that make none by being asked; who may make topics only leaves it to others, and hears of it when the group starts. */
    private void ensureGroup(String name) {
        String group = RocketNames.group(namespace, name);
        masters().forEach((broker, address) -> {
            try {
                asked("creating the group " + group + " on " + broker, () -> {
                    createGroup(address, group);
                    return group;
                });
            } catch (AuthenticationException mayNot) {
                LOG.debug("{} does not create group {}: {}", broker, group, mayNot.toString());
            }
        });
    }

    private void createGroup(String address, String group) throws Exception {
        try {
            api.getSubscriptionGroupConfig(address, group, PATIENCE_MILLIS);
        } catch (MQBrokerException e) {
            if (e.getResponseCode() != ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST) {
                throw e;
            }
            SubscriptionGroupConfig config = new SubscriptionGroupConfig();
            config.setGroupName(group);
            api.createSubscriptionGroup(address, config, PATIENCE_MILLIS);
        }
    }

    private void create(String topic, int queues) {
        Map<String, String> masters = masters();
        if (masters.isEmpty()) {
            throw new ConnectionException("no broker is registered with the name server");
        }
        Layout layout = Layout.spread(queues, List.copyOf(masters.keySet()));
        layout.shares()
                .forEach((broker, share) -> asked("creating the topic " + topic + " on " + broker, () -> {
                    TopicConfig config = new TopicConfig(topic, share, share);
                    config.setTopicSysFlag(layout.flags());
                    config.setAttributes(new HashMap<>(Map.of("+message.type", "NORMAL")));
                    api.createTopic(masters.get(broker), ANY_BROKER, config, PATIENCE_MILLIS);
                    return share;
                }));
        layouts.write(topic, layout);
        layouts.look(topic);
    }
}
