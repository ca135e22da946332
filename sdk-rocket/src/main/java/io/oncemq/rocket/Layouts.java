package io.oncemq.rocket;

import io.oncemq.ConnectionException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.remoting.protocol.route.TopicRouteData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Over which queues the keys of each topic are placed. A route names only brokers that are there, so a key's queue would move when one is away. What
 * {@link Topics#ensure} made is therefore written down with the name servers; what was found once is kept until another layout is accepted. Name
 * servers that have lost it get it back, from a client that knows it or from a route that is complete by the brokers' own word. Thread-safe; blocks.
 */
final class Layouts {
    private static final Logger LOG = LoggerFactory.getLogger(Layouts.class);
    private static final String TABLE = "ONCEMQ_QUEUES";
    private static final long PATIENCE_MILLIS = 5_000;

    /**
     * @param kept over which keys are placed
     * @param actual what the brokers have by now
     * @param route of the brokers that are there
     */
    record View(Layout kept, Layout actual, TopicRouteData route) {
        boolean isChanged() {
            return !kept.equals(actual);
        }
    }

    private final MQClientAPIImpl api;
    private final Map<String, Layout> pinned = new ConcurrentHashMap<>();
    /** What the brokers had when they were last asked. */
    private final Map<String, Layout> seen = new ConcurrentHashMap<>();
    /** Topics whose accepted layout the name servers did not take yet. */
    private final Set<String> owed = ConcurrentHashMap.newKeySet();
    /** Topics whose layout the name servers had. */
    private final Set<String> written = ConcurrentHashMap.newKeySet();

    Layouts(MQClientAPIImpl api) {
        this.api = api;
    }

    /**
     * Asks for the layout and the route. Both layouts are empty if there is no such topic.
     *
     * @throws ConnectionException if no server answers, or none knows all queues while a broker is unreachable
     */
    View look(String topic) {
        return Topics.asked("asking for the queues of " + topic, () -> {
            TopicRouteData route = route(topic);
            Layout stored = isPaid(topic) ? stored(topic) : pinned.get(topic);
            if (stored != null) {
                written.add(topic);
            } else {
                restore(topic, route);
            }
            Layout there = Layout.of(route);
            Layout before = pinned.get(topic);
            Layout base = stored != null ? stored : before != null ? before : there;
            if (before == null && !base.isEmpty()) {
                before = pinned.putIfAbsent(topic, base);
            }
            Layout actual = base.seen(route);
            seen.put(topic, actual);
            return new View(before == null ? base : before, actual, route);
        });
    }

    /** As {@link #look}; while no server answers, what was found before. An unreachable server takes no change back. */
    View lookOrRemember(String topic) {
        try {
            return look(topic);
        } catch (ConnectionException unreachable) {
            Layout kept = pinned.get(topic);
            if (kept == null) {
                throw unreachable;
            }
            return new View(kept, seen.getOrDefault(topic, kept), new TopicRouteData());
        }
    }

    /** What was found or accepted before, without asking; null if nothing was. */
    @Nullable
    Layout known(String topic) {
        return pinned.get(topic);
    }

    /** Keys are placed over this from now on, here and, where a layout is written down, by every process that starts later. */
    void accept(String topic, Layout layout) {
        Layout before = pinned.put(topic, layout);
        LOG.info("keys are placed over other queues from now on: topic={} before={} queues={}", topic, before, layout);
        if (written.contains(topic)) {
            owed.add(topic);
            Topics.asked("writing down the queues of " + topic, () -> {
                pay(topic);
                return topic;
            });
        }
    }

    /** A failure leaves it for the next look: else a process that starts later would place keys over the old layout. */
    private void pay(String topic) throws Exception {
        Layout accepted = pinned.get(topic);
        if (accepted != null && owed.contains(topic)) {
            store(topic, accepted);
            owed.remove(topic);
        }
    }

    private boolean isPaid(String topic) throws InterruptedException {
        try {
            pay(topic);
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.warn(
                    "the name servers did not take the accepted queues of a topic: topic={} cause={}",
                    topic,
                    e.toString());
            return false;
        }
    }

    /** Writes down the layout of a topic that was made with it. */
    void write(String topic, Layout layout) {
        Topics.asked("writing down the queues of " + topic, () -> {
            store(topic, layout);
            return written.add(topic);
        });
    }

    private void restore(String topic, TopicRouteData route) throws Exception {
        Layout known = pinned.get(topic);
        Layout there = Layout.of(route);
        int declared = Layout.declared(route);
        if (known == null && declared > there.size()) {
            throw new ConnectionException("the name servers have lost the queues of " + topic + ": its brokers declare "
                    + declared + ", and the running ones have " + there + ". Start its other brokers");
        }
        boolean isWhole = known == null && declared > 0 && declared == there.size();
        if (isWhole || known != null && written.contains(topic)) {
            Layout restored = known == null ? there : known;
            store(topic, restored);
            LOG.warn(
                    "queues of a topic are stored again, since the name servers have lost them: topic={} queues={}",
                    topic,
                    restored);
        }
    }

    private void store(String topic, Layout layout) throws Exception {
        api.putKVConfigValue(TABLE, topic, layout.toString(), PATIENCE_MILLIS);
    }

    private @Nullable Layout stored(String topic) throws Exception {
        try {
            return Layout.parse(api.getKVConfigValue(TABLE, topic, PATIENCE_MILLIS));
        } catch (MQClientException e) {
            if (e.getResponseCode() == ResponseCode.QUERY_NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    /** Empty if there is no such topic. */
    private TopicRouteData route(String topic) throws Exception {
        try {
            return api.getTopicRouteInfoFromNameServer(topic, PATIENCE_MILLIS);
        } catch (MQClientException e) {
            if (e.getResponseCode() != ResponseCode.TOPIC_NOT_EXIST) {
                throw e;
            }
            TopicRouteData none = new TopicRouteData();
            none.setQueueDatas(List.of());
            none.setBrokerDatas(List.<BrokerData>of());
            return none;
        }
    }
}
