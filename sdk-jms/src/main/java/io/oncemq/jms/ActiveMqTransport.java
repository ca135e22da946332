package io.oncemq.jms;

import io.oncemq.Capabilities;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessageFilter;
import io.oncemq.jms.ActiveMqRegister.Known;
import io.oncemq.spi.DestinationPlan;
import io.oncemq.spi.DestinationReport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.List;

/** One ActiveMQ Classic broker: a connection for questions, some for each publish session, and one for all sources. Thread-safe. */
final class ActiveMqTransport extends JmsTransport {
    private final ActiveMqSettings settings;
    private final Administration<ActiveMqLink> administration;
    private final SharedLink<ActiveMqLink> links;
    private final Capabilities capabilities;

    private ActiveMqTransport(
            ActiveMqSettings settings, Administration<ActiveMqLink> administration, boolean scheduler) {
        this.settings = settings;
        this.administration = administration;
        this.links = new SharedLink<>(broken -> ActiveMqLink.shared(settings, broken));
        this.capabilities = ActiveMqCapabilities.of(scheduler);
    }

    static ActiveMqTransport connect(ActiveMqSettings settings) {
        requireOneBroker(
                settings.common(),
                address -> broker(settings.with(settings.common().alone(address))));
        Administration<ActiveMqLink> administration =
                new Administration<>(() -> ActiveMqLink.open(settings), ActiveMqErrors::translate);
        try {
            ActiveMqProbe probe = administration.ask("connecting", ActiveMqProbe::of);
            if (!probe.virtualTopics()) {
                throw new ConfigurationException(
                        "transport",
                        settings.common().addresses(),
                        "the broker does not route VirtualTopic.> to the queues Consumer.*.VirtualTopic.>",
                        "Configure its virtual topics (useVirtualTopics, and the default virtual destination)");
            }
            return new ActiveMqTransport(settings, administration, probe.scheduler());
        } catch (RuntimeException e) {
            administration.close();
            throw e;
        }
    }

    private static String broker(ActiveMqSettings settings) {
        ActiveMqLink link = ActiveMqLink.open(settings);
        try {
            return link.broker();
        } finally {
            link.close(Duration.ZERO);
        }
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public List<String> addresses() {
        return settings.common().addresses();
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

    @Override
    public void ping() {
        administration.ask("asking for a sign of life", link -> {
            link.ping();
            return true;
        });
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
    public PublishSession openPublishSession(PublishListener listener) {
        try {
            return opened(new ActiveMqPublishSession(settings, listener, this::closed));
        } catch (JMSException | RuntimeException e) {
            throw ActiveMqErrors.translate("opening a publish session", e);
        }
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        Known known = known(spec.destination());
        ActiveMqRegister.Reader reader = known.groups().get(spec.group());
        requireOrder(spec, reader != null && !reader.ordered());
        if (reader != null && !reader.has(spec.filter())) {
            throw Selectors.different(
                    spec.group(), spec.destination(), String.valueOf(spec.filter()), String.valueOf(reader.filter()));
        }
        return opened(new ActiveMqSource(settings, links, spec, listener, threads(), this::closed));
    }

    @Override
    void closeConnections(Duration deadline) {
        links.close(deadline);
        administration.close();
    }
}
