package io.oncemq.rabbit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.oncemq.Backlog;
import io.oncemq.Capabilities;
import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessagingEvent.BroadcastBegins;
import io.oncemq.MessagingException;
import io.oncemq.Ordering;
import io.oncemq.core.LoopThreads;
import io.oncemq.rabbit.Administration.Refused;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.DestinationPlan;
import io.oncemq.spi.DestinationReport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishOrder;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One RabbitMQ server or cluster: a connection for declarations, one for each session, and some that sources share. Thread-safe. */
final class RabbitTransport implements BrokerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitTransport.class);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(3);
    /** Ticks between two looks at shards that the engine has not accepted. */
    private static final int TICKS = 5;
    /** They ask the server about destinations, which all of them wait for alike if it is slow. */
    private static final int MOST_OPENERS = 8;

    private static final int MOST_QUEUE_OPENERS = 8;

    private static final int IDLE_SECONDS = 10;
    private static final Duration THREADS_END = Duration.ofSeconds(1);
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Duration PING = Duration.ofSeconds(10);

    private final Capabilities capabilities;
    private final Connections connections;
    private final Administration administration;
    private final Topology topology;
    private final ServerCheck check;
    private final FrameLimits limits;
    private final ScheduledExecutorService watcher =
            Executors.newSingleThreadScheduledExecutor(task -> Connections.daemon(task, "watching"));
    private final ThreadPoolExecutor openers =
            pool(MOST_OPENERS, MOST_OPENERS, new LinkedBlockingQueue<>(), "opening-");
    /** Each task waits for another thing, so none waits for another task. Those of a source are few. */
    private final ThreadPoolExecutor waiters = pool(0, Integer.MAX_VALUE, new SynchronousQueue<>(), "waiting-");

    /** Each queue without a leader keeps one waiting until the server's answer is overdue, however many there are. */
    private final ThreadPoolExecutor queueOpeners =
            pool(MOST_QUEUE_OPENERS, MOST_QUEUE_OPENERS, new LinkedBlockingQueue<>(), "queue-");

    private final SourceParts sources;
    /** For the loops of sources: those that rest have none. */
    private final LoopThreads threads = new LoopThreads("rabbit-" + NUMBERS.incrementAndGet());

    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();

    private RabbitTransport(
            Connections connections, Administration administration, FrameLimits limits, Capabilities capabilities) {
        this.capabilities = capabilities;
        this.connections = connections;
        this.administration = administration;
        this.limits = limits;
        this.topology = new Topology(administration);
        this.check = new ServerCheck(administration, topology);
        this.sources = new SourceParts(connections, new Lines(connections), waiters, queueOpeners, System::nanoTime);
        queueOpeners.allowCoreThreadTimeOut(true);
        openers.allowCoreThreadTimeOut(true);
        AtomicLong ticks = new AtomicLong();
        watcher.scheduleWithFixedDelay(() -> watch(ticks.incrementAndGet() % TICKS == 0), 1, 1, TimeUnit.SECONDS);
    }

    private static ThreadPoolExecutor pool(int core, int most, BlockingQueue<Runnable> tasks, String name) {
        AtomicLong threads = new AtomicLong();
        return new ThreadPoolExecutor(
                core,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                tasks,
                task -> Connections.daemon(task, name + threads.incrementAndGet()));
    }

    static RabbitTransport connect(RabbitSettings settings, String clientId) {
        Connections connections = new Connections(settings, clientId);
        Administration administration = new Administration(connections);
        Connection connection = administration.connection();
        try {
            AddressCheck.check(connections);
        } catch (RuntimeException e) {
            administration.close();
            connections.close();
            throw e;
        }
        boolean since4 = ServerCheck.isSince(connection, 4, 0);
        int byVersion = since4 ? FrameLimits.SINCE_4 : FrameLimits.EARLIER;
        int told = settings.maxMessageSize();
        return new RabbitTransport(
                connections,
                administration,
                new FrameLimits(told > 0 ? told : byVersion),
                RabbitCapabilities.of(since4));
    }

    private void watch(boolean lookAgain) {
        for (AutoCloseable each : open) {
            if (each instanceof RabbitPublishSession session) {
                try {
                    session.tick(lookAgain);
                } catch (RuntimeException e) {
                    LOG.warn("a publish session is not watched this time", e);
                }
            }
        }
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    /** AMQP 0-9-1 has no binding of CloudEvents; these are the names of the one for AMQP 1.0. */
    @Override
    public String cloudEventsPrefix() {
        return "cloudEvents_";
    }

    /** Its other spelling, which JMS does not allow and older senders write. */
    @Override
    public List<String> otherCloudEventsPrefixes() {
        return List.of("cloudEvents:");
    }

    @Override
    public String namespace() {
        return connections.settings().namespaceOfClaims();
    }

    @Override
    public void ensure(DestinationSpec destination) {
        asked("ensuring " + destination.name(), () -> {
            topology.ensure(destination);
            return true;
        });
    }

    @Override
    public boolean exists(String destination) {
        return asked("looking for " + destination, () -> topology.exists(destination));
    }

    @Override
    public String cluster() {
        return asked("asking for the name of the cluster", check::cluster);
    }

    @Override
    public List<String> addresses() {
        return connections.settings().places();
    }

    /** The client waits longer than that for an answer, since declaring a queue may take as long: so another thread waits. */
    @Override
    public void ping() {
        String doing = "asking for a sign of life";
        try {
            CompletableFuture<Boolean> answer =
                    CompletableFuture.supplyAsync(() -> asked(doing, topology::answers), waiters);
            answer.get(PING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw RabbitErrors.translate(doing, Objects.requireNonNull(e.getCause()));
        } catch (RejectedExecutionException e) {
            throw new ConnectionException(doing + ": the transport is closed", e);
        } catch (TimeoutException e) {
            throw new ConnectionException(doing + ": the server did not answer for " + PING.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectionException(doing + " was interrupted", e);
        }
    }

    @Override
    public List<Backlog> backlog(String destination, String group) {
        return asked("counting what waits for " + group, () -> topology.backlog(destination, group));
    }

    @Override
    public boolean hasGroup(String destination, String group) {
        return asked("looking for group " + group + " of " + destination, () -> topology.hasGroup(destination, group));
    }

    @Override
    public boolean keepsHistory(String destination) {
        return asked("looking for the history of " + destination, () -> topology.keepsHistory(destination));
    }

    @Override
    public List<Finding> preflight() {
        return asked("checking the server", check::server);
    }

    @Override
    public DestinationReport preflight(String destination) {
        return asked("checking " + destination, () -> check.destination(destination));
    }

    @Override
    public DestinationPlan plan(DestinationSpec asked) {
        return asked("planning " + asked.name(), () -> check.plan(asked));
    }

    private static <T> T asked(String doing, Supplier<T> question) {
        try {
            return question.get();
        } catch (Refused e) {
            throw new MessagingException(doing + " failed: the server says: " + e.text(), e);
        }
    }

    @Override
    public PublishOrder publishOrder() {
        return PublishOrder.ONE_PER_KEY;
    }

    @Override
    public PublishSession openPublishSession(PublishListener listener) {
        Connection connection = connections.open("publish");
        try {
            Channel channel = connection.createChannel();
            if (channel == null) {
                throw new ConnectionException("the server allows no further channel");
            }
            RabbitPublishSession session = new RabbitPublishSession(
                    connections, connection, channel, listener, topology, limits, openers, open::remove);
            session.begin();
            open.add(session);
            return session;
        } catch (IOException | RuntimeException e) {
            connections.close(connection, Duration.ZERO);
            throw RabbitErrors.translate("opening a publish session", e);
        }
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        Runnable join = () -> join(spec, listener);
        if (spec.broadcastOf() != null) {
            join.run();
        } else if (spec.ordering() == Ordering.PER_KEY) {
            asked("looking for group " + spec.group() + " of " + spec.destination(), () -> {
                topology.requireOrder(spec.destination(), spec.group());
                return true;
            });
        }
        if (spec.replay()) {
            topology.requireReader(spec.destination(), spec.group());
        }
        RabbitSource source = new RabbitSource(sources, spec, listener, join, threads, open::remove);
        open.add(source);
        return source;
    }

    /** Makes what an instance of a broadcast group lacks. */
    private void join(SourceSpec spec, SourceListener listener) {
        String group = spec.broadcastOf();
        if (group == null) {
            return;
        }
        Duration keep = connections.settings().keepInstances();
        boolean begins = asked(
                "preparing " + spec.destination() + " for " + spec.group(),
                () -> topology.join(spec.destination(), spec.group(), group, keep));
        if (begins) {
            LOG.info(
                    "an instance begins with messages that are published from now on: group={} destination={}",
                    spec.group(),
                    spec.destination());
            listener.onEvent(new BroadcastBegins(spec.destination(), spec.group()));
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
        waiters.shutdown();
        queueOpeners.shutdownNow();
        administration.close();
        connections.close();
        threads.close(THREADS_END);
    }
}
