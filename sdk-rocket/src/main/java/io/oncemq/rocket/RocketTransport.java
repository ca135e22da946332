package io.oncemq.rocket;

import io.oncemq.Capabilities;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishOrder;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.MQClientManager;
import org.apache.rocketmq.client.impl.factory.MQClientInstance;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.remoting.RPCHook;
import org.jspecify.annotations.Nullable;

/** One RocketMQ cluster: a client for questions, and one for each session. Thread-safe. */
final class RocketTransport implements BrokerTransport {
    private static final String GROUP = "oncemq";
    private static final int ROUTE_POLL_MILLIS = 5_000;
    private static final int HEARTBEAT_MILLIS = 10_000;
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(3);

    private final RocketSettings settings;
    private final String clientId;
    private final MQClientInstance client;
    private final Topics topics;
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();

    private RocketTransport(RocketSettings settings, String clientId, MQClientInstance client) {
        this.settings = settings;
        this.clientId = clientId;
        this.client = client;
        this.topics = new Topics(client.getMQClientAPIImpl());
    }

    static RocketTransport connect(RocketSettings settings, String clientId) {
        ClientConfig config = configure(new ClientConfig(), settings, clientId);
        MQClientInstance client = MQClientManager.getInstance().getOrCreateMQClientInstance(config, hook(settings));
        start(client::start);
        RocketTransport transport = new RocketTransport(settings, clientId, client);
        try {
            transport.topics.masters();
            return transport;
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    private static DefaultMQProducer producer(RocketSettings settings, String clientId) {
        DefaultMQProducer producer = new DefaultMQProducer(GROUP, hook(settings));
        configure(producer, settings, clientId);
        producer.setRetryTimesWhenSendFailed(0);
        producer.setRetryTimesWhenSendAsyncFailed(0);
        producer.setRetryAnotherBrokerWhenNotStoreOK(false);
        start(producer::start);
        return producer;
    }

    /** Clients of equal instance names would share connections, and a shutdown. */
    private static <T extends ClientConfig> T configure(T client, RocketSettings settings, String clientId) {
        client.setNamesrvAddr(settings.joined());
        client.setInstanceName(clientId + "-" + UUID.randomUUID());
        client.setPollNameServerInterval(ROUTE_POLL_MILLIS);
        return client;
    }

    private static @Nullable RPCHook hook(RocketSettings settings) {
        String access = settings.accessKey();
        String secret = settings.secretKey();
        return access == null || secret == null ? null : new AclClientRPCHook(new SessionCredentials(access, secret));
    }

    private interface Start {
        void run() throws MQClientException;
    }

    private static void start(Start client) {
        try {
            client.run();
        } catch (MQClientException e) {
            throw RocketErrors.translate("starting RocketMQ's client", e);
        }
    }

    @Override
    public Capabilities capabilities() {
        return RocketCapabilities.ALL;
    }

    @Override
    public String cloudEventsPrefix() {
        return "CE_";
    }

    @Override
    public void ensure(DestinationSpec destination) {
        topics.ensure(destination);
    }

    @Override
    public boolean exists(String destination) {
        return topics.exists(destination);
    }

    @Override
    public List<Finding> preflight() {
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
        DefaultMQProducer producer = producer(settings, clientId);
        RocketPublishSession session = new RocketPublishSession(producer, topics, listener, open::remove);
        open.add(session);
        return session;
    }

    @Override
    public boolean hasPosition(String destination, String group) {
        return topics.hasPosition(destination, RocketNames.group(group));
    }

    /** Brokers that are to notice soon that a member is gone shall hear of it often. */
    private int heartbeatMillis() {
        return Math.toIntExact(Math.min(HEARTBEAT_MILLIS, settings.lockExpiry().toMillis() / 6));
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        String topic = RocketNames.topic(spec.destination());
        ClientConfig config = configure(new ClientConfig(), settings, GroupMember.mark(topic) + clientId);
        config.setHeartbeatBrokerInterval(heartbeatMillis());
        SourceParts parts = new SourceParts(
                config,
                hook(settings),
                topic,
                RocketNames.group(spec.group()),
                () -> topics.readable(spec.destination()));
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
        Shutdown.of(client.getMQClientAPIImpl(), client::shutdown);
    }
}
