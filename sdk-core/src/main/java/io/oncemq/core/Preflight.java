package io.oncemq.core;

import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.Finding.Severity;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingException;
import io.oncemq.PreflightException;
import io.oncemq.Profile;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.DestinationPlan;
import io.oncemq.spi.DestinationReport;
import io.oncemq.spi.IdempotencyStore;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of settings under which the promise would not hold; broker and store only report them. DURABLE
 * refuses whatever it is told of, all at once, and whatever nobody could tell, unless that was accepted by name. DEV goes on: it
 * warns once, when the client is built, and an error while looking is one more finding. Each destination is looked at once per
 * client. Thread-safe.
 */
final class Preflight {
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

    private final Profile profile;
    private final Map<String, String> accepted;
    private final String clientId;
    private final BrokerTransport transport;
    private final Cluster cluster;
    private final @Nullable IdempotencyStore store;
    private final Events events;
    private final Set<String> checked = ConcurrentHashMap.newKeySet();
    private final SizeLimits sizes = new SizeLimits();

    /** @param accepted settings that may go unread, each with the reason */
    Preflight(
            Profile profile,
            Map<String, String> accepted,
            String clientId,
            BrokerTransport transport,
            Cluster cluster,
            @Nullable IdempotencyStore store,
            Events events) {
        this.profile = profile;
        this.accepted = accepted;
        this.clientId = clientId;
        this.transport = transport;
        this.cluster = cluster;
        this.store = store;
        this.events = events;
    }

    /** Looks at what all destinations share, and at the store. */
    void servers() {
        List<Finding> findings = new ArrayList<>();
        look("broker", findings, () -> findings.addAll(transport.preflight()));
        IdempotencyStore beside = store;
        if (beside != null) {
            look("idempotency store", findings, () -> findings.addAll(beside.preflight()));
            findings.addAll(cluster.findings());
        }
        refuse(findings);
        if (profile == Profile.DEV) {
            LOG.warn(
                    "a client runs with profile DEV; confirmed messages and remembered ids may be lost with a server: client={}{}",
                    clientId,
                    lines(findings));
            emit(findings);
        } else {
            tell(findings);
        }
    }

    /** What a publisher is opened for. */
    void publisher(String destination) {
        destinations(List.of(destination), null);
    }

    /** What a subscription reads, and where its dead letters go. */
    void subscription(String source, List<String> deadLetters) {
        List<String> all = new ArrayList<>(List.of(source));
        all.addAll(deadLetters);
        destinations(all, source);
    }

    private void destinations(List<String> names, @Nullable String source) {
        List<Finding> findings = new ArrayList<>();
        for (String name : names) {
            boolean consumed = name.equals(source);
            if (!checked.contains(mark(name, consumed))) {
                look("destination " + name, findings, () -> findings.addAll(report(name, consumed)));
            }
        }
        if (source != null && !checked.contains(mark(source, true))) {
            findings.addAll(sizes.findings(source, names.subList(1, names.size())));
        }
        refuse(findings);
        for (String name : names) {
            checked.add(mark(name, false));
            checked.add(mark(name, name.equals(source)));
        }
        tell(findings);
    }

    /** How many bytes of key, headers and body a publisher may send to a destination that was looked at; empty without a limit. */
    OptionalLong publishable(String destination) {
        return sizes.publishable(destination);
    }

    private static String mark(String destination, boolean consumed) {
        return (consumed ? "from " : "to ") + destination;
    }

    private List<Finding> report(String destination, boolean consumed) {
        DestinationReport report = transport.preflight(destination);
        sizes.told(destination, report.largestMessage());
        Duration remembered = store == null ? null : store.rememberFor();
        Duration retained = report.retention();
        boolean known = checked.contains(mark(destination, false));
        List<Finding> findings = new ArrayList<>(known ? List.of() : report.findings());
        if (consumed && remembered != null && retained != null && remembered.compareTo(retained) < 0) {
            findings.add(Finding.advice(
                    "idempotency store",
                    "rememberFor",
                    remembered,
                    "should not be shorter than the time for which " + destination + " keeps messages ("
                            + (retained.equals(FOREVER) ? "no limit" : retained)
                            + "): a group that reads older messages again repeats their effects",
                    "Raise rememberFor, or shorten the retention of " + destination));
        }
        return findings;
    }

    /**
     * How destinations are to be ensured: under DURABLE as the broker can keep them.
     *
     * @throws PreflightException if one of them cannot be, or exists and is not; nothing is created then
     */
    List<DestinationSpec> planned(List<DestinationSpec> asked) {
        if (profile == Profile.DEV) {
            return asked;
        }
        List<DestinationPlan> plans = asked.stream().map(transport::plan).toList();
        List<Finding> findings =
                plans.stream().flatMap(plan -> plan.findings().stream()).toList();
        refuse(findings);
        return plans.stream().map(DestinationPlan::destination).toList();
    }

    private void look(String at, List<Finding> findings, Runnable question) {
        try {
            question.run();
        } catch (MessagingException e) {
            if (profile == Profile.DURABLE) {
                throw e;
            }
            findings.add(Finding.unchecked(
                    at, "settings", String.valueOf(e.getMessage()), "must be known for DURABLE", "See the error"));
        }
    }

    private void refuse(List<Finding> findings) {
        if (profile == Profile.DURABLE && findings.stream().anyMatch(this::refused)) {
            throw new PreflightException(findings.stream()
                    .filter(finding -> !isAccepted(finding))
                    .sorted(Comparator.comparing(Finding::severity))
                    .toList());
        }
    }

    private boolean refused(Finding finding) {
        return finding.severity() == Severity.VIOLATION
                || (finding.severity() == Severity.UNCHECKED && !isAccepted(finding));
    }

    private boolean isAccepted(Finding finding) {
        return finding.severity() == Severity.UNCHECKED && accepted.containsKey(finding.setting());
    }

    /** What did not stop the client is told once, where it was found. */
    private void tell(List<Finding> findings) {
        if (findings.isEmpty()) {
            return;
        }
        if (profile == Profile.DURABLE) {
            LOG.warn(
                    "a client continues with profile DURABLE in spite of findings: client={}{}",
                    clientId,
                    lines(findings));
        } else {
            LOG.info("a client with profile DEV has findings: client={}{}", clientId, lines(findings));
        }
        emit(findings);
    }

    private void emit(List<Finding> findings) {
        if (!findings.isEmpty()) {
            events.emit(new MessagingEvent.PreflightFindings(profile, findings));
        }
    }

    private String lines(List<Finding> findings) {
        return findings.stream()
                .map(finding ->
                        "\n  " + finding + (isAccepted(finding) ? " Accepted: " + accepted.get(finding.setting()) : ""))
                .collect(Collectors.joining());
    }
}
