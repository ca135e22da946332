package io.oncemq.jms;

import io.oncemq.Backlog;
import io.oncemq.Capabilities;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessageFilter;
import io.oncemq.Ordering;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Artemis broker: a connection for questions, and one for each session and each source. Thread-safe. */
final class ArtemisTransport implements BrokerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(ArtemisTransport.class);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(3);

    private final JmsSettings settings;
    private final ArtemisAdministration administration;
    private final Resends resends = new Resends();
    private final ScheduledExecutorService watcher =
            Executors.newSingleThreadScheduledExecutor(task -> ArtemisLink.daemon(task, "watching"));
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();

    private ArtemisTransport(JmsSettings settings, ArtemisAdministration administration) {
        this.settings = settings;
        this.administration = administration;
        watcher.scheduleWithFixedDelay(this::watch, 1, 1, TimeUnit.SECONDS);
    }

    static ArtemisTransport connect(JmsSettings settings) {
        ArtemisAdministration administration = ArtemisAdministration.of(settings);
        administration.ask("connecting", session -> ArtemisAddresses.exists(session, "oncemq-ping"));
        return new ArtemisTransport(settings, administration);
    }

    private void watch() {
        for (AutoCloseable each : open) {
            if (each instanceof ArtemisPublishSession session) {
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
        return ArtemisCapabilities.ALL;
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
        administration.ask("ensuring " + destination.name(), session -> {
            ArtemisAddresses.ensure(session, destination);
            return true;
        });
    }

    @Override
    public boolean exists(String destination) {
        return administration.ask(
                "looking for " + destination, session -> ArtemisAddresses.exists(session, destination));
    }

    @Override
    public boolean hasGroup(String destination, String group) {
        return !queues(destination, group).isEmpty();
    }

    private List<String> queues(String destination, String group) {
        return administration.ask(
                "looking for group " + group + " of " + destination,
                session -> ArtemisAddresses.queues(session, destination, group));
    }

    @Override
    public List<Backlog> backlog(String destination, String group) {
        return administration.ask("counting what waits for " + group, session -> {
            List<Backlog> all = new ArrayList<>();
            for (String queue : ArtemisAddresses.queues(session, destination, group)) {
                long messages = session.queueQuery(SimpleString.of(queue)).getMessageCount();
                all.add(new Backlog(queue, -1, messages));
            }
            return all;
        });
    }

    @Override
    public List<Finding> preflight() {
        return administration.ask("checking the broker", ArtemisCheck::broker);
    }

    @Override
    public DestinationReport preflight(String destination) {
        List<Finding> findings = new ArrayList<>();
        if (!exists(destination)) {
            findings.add(ArtemisCheck.missing(destination));
        }
        findings.addAll(settingsOf(destination));
        return new DestinationReport(findings, null);
    }

    @Override
    public DestinationPlan plan(DestinationSpec asked) {
        return new DestinationPlan(asked, settingsOf(asked.name()));
    }

    private List<Finding> settingsOf(String destination) {
        return administration.ask("checking " + destination, session -> ArtemisCheck.address(session, destination));
    }

    @Override
    public void checkFilter(String destination, MessageFilter filter) {
        ArtemisAddresses.check(filter);
    }

    @Override
    public PublishOrder publishOrder() {
        return PublishOrder.ONE_PER_KEY;
    }

    @Override
    public PublishSession openPublishSession(PublishListener listener) {
        ArtemisLink link = ArtemisLink.publishing(settings);
        try {
            ArtemisPublishSession session =
                    new ArtemisPublishSession(link, resends, listener, settings.maxMessageSize(), open::remove);
            open.add(session);
            return session;
        } catch (JMSException | RuntimeException e) {
            link.close(Duration.ZERO);
            throw ArtemisErrors.translate("opening a publish session", e);
        }
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        List<String> queues = queues(spec.destination(), spec.group());
        if (spec.ordering() == Ordering.PER_KEY
                && ArtemisAddresses.isUnordered(queues, spec.destination(), spec.group())) {
            throw new ConfigurationException(
                    "ordering",
                    spec.ordering(),
                    "the group " + spec.group() + " was ensured on " + spec.destination() + " without order",
                    "Subscribe with Ordering.UNORDERED, or ensure another group with Ordering.PER_KEY");
        }
        administration.ask("looking at the queues of " + spec.group(), session -> {
            ArtemisAddresses.checkFilter(session, spec.destination(), spec.group(), queues, spec.filter());
            return true;
        });
        ArtemisSource source = new ArtemisSource(settings, spec, listener, open::remove);
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
