package io.oncemq.jms;

import io.oncemq.Backlog;
import io.oncemq.Capabilities;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessageFilter;
import io.oncemq.spi.DestinationPlan;
import io.oncemq.spi.DestinationReport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.core.SimpleString;

/** One Artemis broker: a connection for questions, one for each publish session, and one for all sources. Thread-safe. */
final class ArtemisTransport extends JmsTransport {
    private final JmsSettings settings;
    private final ArtemisAdministration administration;
    private final SharedLink<ArtemisLink> links;
    private final Resends resends = new Resends();

    private ArtemisTransport(JmsSettings settings, ArtemisAdministration administration) {
        this.settings = settings;
        this.administration = administration;
        this.links = new SharedLink<>(broken -> ArtemisLink.shared(settings, broken));
    }

    static ArtemisTransport connect(JmsSettings settings) {
        requireOneBroker(settings, address -> node(settings.alone(address)));
        ArtemisAdministration administration = new ArtemisAdministration(settings);
        administration.ask("connecting", session -> ArtemisAddresses.exists(session, "oncemq-ping"));
        return new ArtemisTransport(settings, administration);
    }

    @Override
    public Capabilities capabilities() {
        return ArtemisCapabilities.ALL;
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
    public String cluster() {
        return administration.ask("asking for the node's id", ArtemisAdministration::node);
    }

    private static String node(JmsSettings settings) {
        ArtemisAdministration administration = new ArtemisAdministration(settings);
        try {
            return administration.ask("asking for the node's id", ArtemisAdministration::node);
        } finally {
            administration.close();
        }
    }

    @Override
    public List<String> addresses() {
        return settings.addresses();
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
    public PublishSession openPublishSession(PublishListener listener) {
        ArtemisLink link = ArtemisLink.publishing(settings);
        try {
            return opened(new ArtemisPublishSession(link, resends, listener, settings.maxMessageSize(), this::closed));
        } catch (JMSException | RuntimeException e) {
            link.close(Duration.ZERO);
            throw ArtemisErrors.translate("opening a publish session", e);
        }
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        List<String> queues = queues(spec.destination(), spec.group());
        requireOrder(spec, ArtemisAddresses.isUnordered(queues, spec.destination(), spec.group()));
        administration.ask("looking at the queues of " + spec.group(), session -> {
            ArtemisAddresses.checkFilter(session, spec.destination(), spec.group(), queues, spec.filter());
            return true;
        });
        return opened(new ArtemisSource(links, spec, listener, threads(), this::closed));
    }

    @Override
    void closeConnections(Duration deadline) {
        links.close(deadline);
        administration.close();
    }
}
