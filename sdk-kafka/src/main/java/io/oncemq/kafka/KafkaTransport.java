package io.oncemq.kafka;

import io.oncemq.Backlog;
import io.oncemq.Capabilities;
import io.oncemq.Capabilities.Level;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.Finding;
import io.oncemq.MessagingException;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.DestinationPlan;
import io.oncemq.spi.DestinationReport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishOrder;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Kafka cluster: an admin client, and a producer per session and a consumer per source. Thread-safe. */
final class KafkaTransport implements BrokerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaTransport.class);
    private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(10);

    /** After so long without an answer it is worth asking whether the port speaks another protocol. */
    private static final Duration PROMPT = Duration.ofSeconds(3);

    private static final Duration SESSION_CONNECT_DEADLINE = Duration.ofSeconds(2);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(3);

    /** Ticks between two looks at how many partitions topics have, while nobody waits for the answer. */
    private static final int TICKS = 5;

    private static final Capabilities CAPABILITIES = capabilitiesOfKafka();

    private final KafkaSettings settings;
    private final String clientId;
    private final Topics topics;
    private final DurabilityCheck durability;
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(KafkaTransport::daemon);
    private final ExecutorService openers = Openers.of(KafkaTransport::daemon);
    /** At most one thread for each session. */
    private final ExecutorService flushers = Executors.newCachedThreadPool(KafkaTransport::daemon);

    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger clients = new AtomicInteger();

    private KafkaTransport(KafkaSettings settings, String clientId, Topics topics, DurabilityCheck durability) {
        this.settings = settings;
        this.clientId = clientId;
        this.topics = topics;
        this.durability = durability;
        AtomicLong ticks = new AtomicLong();
        watcher.scheduleWithFixedDelay(() -> watch(ticks.incrementAndGet() % TICKS != 0), 1, 1, TimeUnit.SECONDS);
    }

    private void watch(boolean refusedOnly) {
        try {
            for (AutoCloseable each : open) {
                if (each instanceof KafkaPublishSession session) {
                    session.watch(refusedOnly);
                }
            }
        } catch (RuntimeException e) {
            LOG.debug("partitions are not counted this time: {}", e.toString());
        }
    }

    static KafkaTransport connect(KafkaSettings settings, String clientId) {
        long deadline = System.nanoTime() + CONNECT_DEADLINE.toNanos();
        if (!settings.hasTls()) {
            ListenerProbe.check(settings);
        }
        Admin admin;
        try {
            admin = Admin.create(settings.admin(clientId + "-admin"));
        } catch (KafkaException e) {
            throw KafkaErrors.construction(e, settings.servers());
        }
        Topics topics = new Topics(admin);
        try {
            awaitAnswer(topics, settings, deadline);
            Bootstrap.check(settings, clientId, topics);
        } catch (RuntimeException e) {
            topics.close(Duration.ZERO);
            throw KafkaErrors.translate("connecting to " + KafkaErrors.redacted(settings.servers()), e);
        }
        return new KafkaTransport(settings, clientId, topics, new DurabilityCheck(admin, topics));
    }

    private static void awaitAnswer(Topics topics, KafkaSettings settings, long deadline) {
        try {
            topics.ping(PROMPT);
        } catch (TimeoutException e) {
            ListenerProbe.check(settings);
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            topics.ping(left.compareTo(PROMPT) < 0 ? PROMPT : left);
        }
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public String cloudEventsPrefix() {
        return "ce_";
    }

    @Override
    public void ensure(DestinationSpec destination) {
        try {
            topics.ensure(destination);
        } catch (KafkaException e) {
            throw failed("ensuring topic " + destination.name(), e);
        }
    }

    @Override
    public boolean exists(String destination) {
        try {
            return topics.exists(destination);
        } catch (KafkaException e) {
            throw failed("describing topic " + destination, e);
        }
    }

    @Override
    public List<Finding> preflight() {
        try {
            return durability.cluster();
        } catch (KafkaException e) {
            throw failed("checking the cluster's settings", e);
        }
    }

    @Override
    public DestinationReport preflight(String destination) {
        try {
            return durability.topic(destination);
        } catch (KafkaException e) {
            throw failed("checking the settings of topic " + destination, e);
        }
    }

    @Override
    public DestinationSpec deadLetters(DestinationSpec letters, DestinationSpec source, int room) {
        try {
            return durability.withRoom(letters, source, room);
        } catch (KafkaException e) {
            throw failed("reading the size limit of topic " + source.name(), e);
        }
    }

    @Override
    public DestinationPlan plan(DestinationSpec asked) {
        try {
            return durability.plan(asked);
        } catch (KafkaException e) {
            throw failed("planning topic " + asked.name(), e);
        }
    }

    @Override
    public PublishOrder publishOrder() {
        return PublishOrder.SESSION_PREFIX;
    }

    @Override
    public PublishSession openPublishSession(PublishListener listener) {
        try {
            topics.ping(SESSION_CONNECT_DEADLINE);
        } catch (KafkaException e) {
            throw failed("connecting", e);
        }
        try {
            KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(settings.producer(clientId + "-producer-" + clients.incrementAndGet()));
            KafkaPublishSession session =
                    new KafkaPublishSession(producer, listener, topics, openers, flushers, open::remove);
            open.add(session);
            return session;
        } catch (KafkaException e) {
            throw KafkaErrors.construction(e, settings.servers());
        }
    }

    @Override
    public boolean hasPosition(String destination, String group) {
        try {
            return topics.hasOffsets(destination, settings.groupName(destination, group));
        } catch (KafkaException e) {
            throw failed("reading the offsets of group " + group, e);
        }
    }

    @Override
    public String cluster() {
        try {
            return topics.cluster(CONNECT_DEADLINE);
        } catch (KafkaException e) {
            throw failed("asking for the id of the cluster", e);
        }
    }

    @Override
    public List<String> addresses() {
        return List.of(KafkaErrors.redacted(settings.servers()).trim().split("\\s*,\\s*"));
    }

    @Override
    public void ping() {
        try {
            topics.ping(CONNECT_DEADLINE);
        } catch (KafkaException e) {
            throw failed("asking whether the cluster answers", e);
        }
    }

    @Override
    public List<Backlog> backlog(String destination, String group) {
        try {
            return topics.backlog(destination, settings.groupName(destination, group));
        } catch (KafkaException e) {
            throw failed("reading the backlog of group " + group, e);
        }
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        GroupName name = settings.groupName(spec.destination(), spec.group());
        try {
            Map<String, Object> config = settings.consumer(
                    clientId + "-consumer-" + clients.incrementAndGet(), spec, partitions(spec.destination()));
            Consumers consumers = new Consumers(settings.groupProtocol(), () -> new KafkaConsumer<>(config));
            consumers.open();
            KafkaSource source = new KafkaSource(
                    consumers, spec, name, listener, topics, settings.timing(config, spec), open::remove);
            open.add(source);
            return source;
        } catch (KafkaException e) {
            throw KafkaErrors.construction(e, settings.servers());
        }
    }

    /** With the address, which tells one cluster from another. */
    private MessagingException failed(String doing, KafkaException error) {
        return KafkaErrors.translate(doing + " at " + KafkaErrors.redacted(settings.servers()), error);
    }

    /** 1 for a topic that is unknown: the source finds that out, and says so. */
    private int partitions(String topic) {
        try {
            TopicDescription known = topics.describe(topic, CONNECT_DEADLINE);
            return known == null ? 1 : known.partitions().size();
        } catch (KafkaException e) {
            throw failed("describing topic " + topic, e);
        }
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
        watcher.shutdownNow();
        openers.shutdownNow();
        flushers.shutdownNow();
        topics.close(CLOSE_DEADLINE);
    }

    private static final AtomicLong OPENERS = new AtomicLong();

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "oncemq-kafka-opening-" + OPENERS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    private static Capabilities capabilitiesOfKafka() {
        return Capabilities.of("kafka")
                .with(Feature.PUBLISHER_CONFIRMS, Level.NATIVE, "acks=all and the idempotent producer")
                .with(Feature.MANUAL_ACKNOWLEDGEMENT, Level.NATIVE, "offsets, committed contiguously")
                .with(
                        Feature.ORDER_PER_KEY,
                        Level.NATIVE,
                        "per partition; when their number changes, keyed sends wait until that is accepted")
                .with(
                        Feature.CONSUMER_GROUPS,
                        Level.NATIVE,
                        "one per subscription; classic protocol, cooperative sticky, or the broker assigns (KIP-848)")
                .with(Feature.DEAD_LETTER, Level.EMULATED, "a topic per group, published before the commit")
                .with(
                        Feature.RETRY_IN_ORDER,
                        Level.EMULATED,
                        "the key waits in its lane; its partition's commit waits too")
                .with(Feature.BLOCK_ON_EXHAUSTED, Level.NATIVE, "the log keeps the message and all later ones")
                .with(Feature.START_POSITION, Level.NATIVE, "latest, or an instant, where the group has no offset yet")
                .with(Feature.QUARANTINE, Level.EMULATED, "needs an idempotency store")
                .with(Feature.TLS, Level.NATIVE, "Kafka.tls, alone or with SCRAM, PLAIN or OAUTHBEARER")
                .with(
                        Feature.FILTER,
                        Level.UNSUPPORTED,
                        "a log is read whole; let the handler pass over what it does not want")
                .with(Feature.FIND, Level.UNSUPPORTED, "a log has no index of its messages")
                .with(Feature.TENANCY, Level.UNSUPPORTED, "a cluster has one space of names; use prefixes")
                .with(Feature.PARK_KEY, Level.UNSUPPORTED, "not in this version")
                .with(Feature.REPLAY, Level.NATIVE, "what the topic still has, by a consumer group of the replay's own")
                .with(
                        Feature.BROADCAST,
                        Level.EMULATED,
                        "a consumer group per instance, forgotten after offsets.retention.minutes without it")
                .with(Feature.DELAYED_DELIVERY, Level.UNSUPPORTED, "a log has no delays")
                .with(Feature.PRIORITY, Level.UNSUPPORTED, "a log has no priorities")
                .with(Feature.MESSAGE_TTL, Level.UNSUPPORTED, "retention is the topic's")
                .build();
    }
}
