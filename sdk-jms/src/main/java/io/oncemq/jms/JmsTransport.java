package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.Ordering;
import io.oncemq.core.LoopThreads;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishOrder;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.support.SameCluster;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a transport to either broker does: it watches its publish sessions, and closes what is open. Thread-safe. */
abstract class JmsTransport implements BrokerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(JmsTransport.class);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(3);
    private static final Duration LEFT_DEADLINE = Duration.ofSeconds(1);
    private static final Duration THREADS_END = Duration.ofSeconds(1);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final ScheduledExecutorService watcher =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "watching"));
    private final LoopThreads threads = new LoopThreads("jms-" + NUMBERS.incrementAndGet());
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();

    /** For how long addresses may be silent before they are not judged. */
    private static final Duration ADDRESSES = Duration.ofSeconds(4);

    JmsTransport() {
        watcher.scheduleWithFixedDelay(this::watch, 1, 1, TimeUnit.SECONDS);
    }

    /** A publish session that can be stuck in a send. */
    interface Watched extends PublishSession {
        /** Called each second or so. */
        void tick();
    }

    /**
     * Refuses a list with two brokers that both serve: each connection would go to one of them by chance. A backup, or a slave, serves once the
     * other is gone.
     */
    static void requireOneBroker(JmsSettings settings, SameCluster.Asker asker) {
        SameCluster.check("addresses", settings.addresses(), ADDRESSES, asker);
    }

    private void watch() {
        for (AutoCloseable each : open) {
            if (each instanceof Watched session) {
                try {
                    session.tick();
                } catch (RuntimeException e) {
                    LOG.warn("a publish session is not watched this time", e);
                }
            }
        }
    }

    /** For the loops of sources. */
    final LoopThreads threads() {
        return threads;
    }

    /** To be closed with the transport, unless it is {@link #closed} before. */
    final <R extends AutoCloseable> R opened(R resource) {
        open.add(resource);
        return resource;
    }

    final void closed(AutoCloseable resource) {
        open.remove(resource);
    }

    static void requireOrder(SourceSpec spec, boolean unordered) {
        if (spec.ordering() == Ordering.PER_KEY && unordered) {
            throw new ConfigurationException(
                    "ordering",
                    spec.ordering(),
                    "the group " + spec.group() + " was ensured on " + spec.destination() + " without order",
                    "Subscribe with Ordering.UNORDERED, or ensure another group with Ordering.PER_KEY");
        }
    }

    @Override
    public final String cloudEventsPrefix() {
        return JmsRecords.PREFIX;
    }

    @Override
    public final List<String> otherCloudEventsPrefixes() {
        return List.of(JmsRecords.OTHER_PREFIX);
    }

    @Override
    public final PublishOrder publishOrder() {
        return PublishOrder.ONE_PER_KEY;
    }

    /** Closes the connections for questions, and what is left of the others. */
    abstract void closeConnections(Duration deadline);

    @Override
    public final void close() {
        for (AutoCloseable each : open) {
            if (each instanceof PublishSession session) {
                session.close(Duration.ZERO);
            } else if (each instanceof MessageSource source) {
                source.close(CLOSE_DEADLINE);
            }
        }
        watcher.shutdownNow();
        closeConnections(LEFT_DEADLINE);
        threads.close(THREADS_END);
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, "oncemq-jms-" + name);
        thread.setDaemon(true);
        return thread;
    }
}
