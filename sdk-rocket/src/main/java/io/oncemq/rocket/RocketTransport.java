package io.oncemq.rocket;

import io.oncemq.Backlog;
import io.oncemq.Capabilities;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessageFilter;
import io.oncemq.MessageQuery;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishOrder;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.StoredMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.impl.factory.MQClientInstance;
import org.apache.rocketmq.client.producer.DefaultMQProducer;

/** One RocketMQ cluster: a client for questions, and one for each session. Thread-safe. */
final class RocketTransport implements BrokerTransport {
    /** As RocketMQ's own consumers. */
    private static final int HEARTBEAT_MILLIS = 30_000;
    /** A source asks for its topic's route by itself, and more often. */
    private static final int ROUTE_POLL_MILLIS = 30_000;

    /** With the last try, the wait for an address that is silent stays below ten seconds. */
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(4);

    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(3);

    private final RocketSettings settings;
    private final String clientId;
    private final MQClientInstance client;
    private final Topics topics;
    private final LookUps lookUps;
    private final ExecutorService asking;
    private final RouteWatch watch;
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();

    private RocketTransport(RocketSettings settings, String clientId, MQClientInstance client) {
        this.settings = settings;
        this.clientId = clientId;
        this.client = client;
        this.topics = new Topics(client.getMQClientAPIImpl(), settings.namespace());
        this.lookUps = new LookUps(clientId);
        this.asking = Questions.threads(clientId);
        this.watch = new RouteWatch(clientId, this::watch);
    }

    static RocketTransport connect(RocketSettings settings, String clientId) {
        MQClientInstance client = RocketClients.client(settings, clientId);
        RocketTransport transport = new RocketTransport(settings, clientId, client);
        try {
            OneCluster.check(client.getMQClientAPIImpl(), settings.nameServers());
            return Topics.patiently(
                    () -> {
                        transport.topics.login(client.getClientId());
                        return transport;
                    },
                    CONNECT_PATIENCE);
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    @Override
    public Capabilities capabilities() {
        return RocketCapabilities.ALL;
    }

    @Override
    public String cloudEventsPrefix() {
        return RocketRecords.PREFIX;
    }

    @Override
    public String namespace() {
        return settings.namespace();
    }

    @Override
    public List<String> addresses() {
        return settings.nameServers();
    }

    @Override
    public void ensure(DestinationSpec destination) {
        Topics.patiently(() -> {
            topics.ensure(destination);
            return destination;
        });
    }

    @Override
    public boolean exists(String destination) {
        return Topics.patiently(() -> topics.exists(destination));
    }

    @Override
    public void ping() {
        topics.ping(client.getClientId());
    }

    @Override
    public List<Backlog> backlog(String destination, String group) {
        return topics.backlog(destination, RocketNames.group(settings.namespace(), group));
    }

    @Override
    public List<Finding> preflight() {
        return Topics.patiently(this::findings);
    }

    private List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        topics.masters()
                .forEach((name, address) ->
                        Durability.of(name, topics.settings(address)).ifPresent(findings::add));
        return findings;
    }

    @Override
    public PublishOrder publishOrder() {
        return PublishOrder.ONE_PER_KEY;
    }

    @Override
    public PublishSession openPublishSession(PublishListener listener) {
        DefaultMQProducer producer = RocketClients.producer(settings, clientId);
        RocketPublishSession session = new RocketPublishSession(producer, topics, lookUps, listener, open::remove);
        open.add(session);
        watch.start();
        return session;
    }

    private void watch(boolean refusedOnly) {
        for (AutoCloseable each : open) {
            if (each instanceof RocketPublishSession session) {
                session.watch(refusedOnly);
            }
        }
    }

    @Override
    public boolean hasPosition(String destination, String group) {
        return Topics.patiently(() -> topics.hasPosition(destination, RocketNames.group(settings.namespace(), group)));
    }

    @Override
    public void checkFilter(String destination, MessageFilter filter) {
        Wanted wanted = Wanted.of(filter);
        if (wanted.isSql()) {
            Topics.patiently(() -> {
                topics.checkSql(client.getClientId(), destination, wanted);
                return wanted;
            });
        }
    }

    @Override
    public List<StoredMessage> find(String destination, MessageQuery query) {
        Index index = new Index(client.getMQClientAPIImpl(), topics);
        return Topics.patiently(() -> index.find(destination, query));
    }

    private int heartbeatMillis() {
        return Math.toIntExact(Math.min(HEARTBEAT_MILLIS, settings.lockExpiry().toMillis() / 2));
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        String topic = topics.topic(spec.destination());
        Wanted wanted = Wanted.of(spec.filter());
        String name = GroupMember.mark(topic, wanted) + clientId;
        ClientConfig config = RocketClients.configure(new ClientConfig(), settings, name);
        config.setHeartbeatBrokerInterval(heartbeatMillis());
        config.setPollNameServerInterval(ROUTE_POLL_MILLIS);
        SourceParts parts = new SourceParts(
                () -> RocketClients.instance(settings, config),
                topic,
                wanted,
                RocketNames.group(settings.namespace(), spec.group()),
                () -> topics.readable(spec.destination()),
                asking);
        RocketSource source = new RocketSource(spec, listener, parts, settings.lockExpiry(), open::remove);
        open.add(source);
        return source;
    }

    @Override
    public void close() {
        for (AutoCloseable each : open) {
            if (each instanceof PublishSession session) {
                session.close(Duration.ZERO);
            } else if (each instanceof MessageSource source) {
                source.close(CLOSE_DEADLINE);
            }
        }
        watch.close();
        lookUps.close();
        asking.shutdownNow();
        Shutdown.of(client.getMQClientAPIImpl(), client::shutdown);
    }
}
