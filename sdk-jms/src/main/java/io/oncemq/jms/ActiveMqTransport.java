package io.oncemq.jms;

import io.oncemq.Capabilities;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessageFilter;
import io.oncemq.Ordering;
import io.oncemq.jms.ActiveMqRegister.Known;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.DestinationPlan;
import io.oncemq.spi.DestinationReport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishOrder;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One ActiveMQ Classic broker: a connection for questions, and some for each session and each source. Thread-safe. */
final class ActiveMqTransport implements BrokerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveMqTransport.class);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(3);

    private final ActiveMqSettings settings;
    private final ActiveMqAdministration administration;
    private final Capabilities capabilities;
    private final ScheduledExecutorService watcher;
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();

    private ActiveMqTransport(ActiveMqSettings settings, ActiveMqAdministration administration, boolean scheduler) {
        this.settings = settings;
        this.administration = administration;
        this.capabilities = ActiveMqCapabilities.of(scheduler);
        this.watcher = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "oncemq-jms-watching");
            thread.setDaemon(true);
            return thread;
        });
        watcher.scheduleWithFixedDelay(this::watch, 1, 1, TimeUnit.SECONDS);
    }

    static ActiveMqTransport connect(ActiveMqSettings settings) {
        ActiveMqAdministration administration = new ActiveMqAdministration(settings);
        try {
            ActiveMqProbe probe = administration.ask("connecting", ActiveMqProbe::of);
            if (!probe.virtualTopics()) {
                throw new ConfigurationException(
                        "transport",
                        settings.common().addresses(),
                        "the broker gives nothing that is sent to VirtualTopic.> to the queues Consumer.*.VirtualTopic.>",
                        "Let it have its virtual topics (useVirtualTopics, and the default virtual destination)");
            }
            return new ActiveMqTransport(settings, administration, probe.scheduler());
        } catch (RuntimeException e) {
            administration.close();
            throw e;
        }
    }

    private void watch() {
        for (AutoCloseable each : open) {
            if (each instanceof ActiveMqPublishSession session) {
                try {
                    session.tick();
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

    @Override
    public String cloudEventsPrefix() {
        return JmsRecords.PREFIX;
    }

    @Override
    public List<String> otherCloudEventsPrefixes() {
        return List.of(JmsRecords.OTHER_PREFIX);
    }

    @Override
    public void ensure(DestinationSpec destination) {
        administration.ask("ensuring " + destination.name(), link -> {
            ActiveMqRegister.ensure(link, destination);
            return true;
        });
    }

    @Override
    public boolean exists(String destination) {
        return known(destination).exists();
    }

    @Override
    public boolean hasGroup(String destination, String group) {
        return known(destination).groups().containsKey(group);
    }

    private Known known(String destination) {
        return administration.ask("looking for " + destination, link -> ActiveMqRegister.read(link, destination));
    }

    @Override
    public List<Finding> preflight() {
        return ActiveMqCheck.broker();
    }

    @Override
    public DestinationReport preflight(String destination) {
        List<Finding> findings = exists(destination) ? List.of() : List.of(ActiveMqCheck.missing(destination));
        return new DestinationReport(findings, null);
    }

    @Override
    public DestinationPlan plan(DestinationSpec asked) {
        return new DestinationPlan(asked, List.of());
    }

    @Override
    public void checkFilter(String destination, MessageFilter filter) {
        ActiveMqFilter.of(filter);
    }

    @Override
    public PublishOrder publishOrder() {
        return PublishOrder.ONE_PER_KEY;
    }

    @Override
    public PublishSession openPublishSession(PublishListener listener) {
        try {
            ActiveMqPublishSession session = new ActiveMqPublishSession(settings, listener, open::remove);
            open.add(session);
            return session;
        } catch (JMSException | RuntimeException e) {
            throw ActiveMqErrors.translate("opening a publish session", e);
        }
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        Known known = known(spec.destination());
        if (spec.ordering() == Ordering.PER_KEY
                && known.groups().containsKey(spec.group())
                && !known.isOrdered(spec.group())) {
            throw new ConfigurationException(
                    "ordering",
                    spec.ordering(),
                    "the group " + spec.group() + " was ensured on " + spec.destination() + " without order",
                    "Subscribe with Ordering.UNORDERED, or ensure another group with Ordering.PER_KEY");
        }
        ActiveMqRegister.Reader reader = known.groups().get(spec.group());
        if (reader != null && !reader.has(spec.filter())) {
            throw Selectors.different(
                    spec.group(), spec.destination(), String.valueOf(spec.filter()), String.valueOf(reader.filter()));
        }
        ActiveMqSource source = new ActiveMqSource(settings, spec, listener, open::remove);
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
        watcher.shutdownNow();
        administration.close();
    }
}
