package io.oncemq.core;

import io.oncemq.Capabilities;
import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.Finding;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A broker that carries no messages and reports of its settings what the test says. */
final class ReportingBroker implements BrokerTransport {
    List<Finding> shared = List.of();
    final Map<String, List<Finding>> destinations = new ConcurrentHashMap<>();
    final List<String> asked = new ArrayList<>();
    final List<DestinationSpec> created = new ArrayList<>();

    @Nullable
    Duration retention;

    String cluster = "c-1";
    List<String> addresses = List.of("broker-1:5672");
    boolean silent;
    /** Whether messages may have a time to live. */
    boolean expires;

    final Set<String> missing = new HashSet<>();
    boolean closed;

    @Override
    public String cluster() {
        return cluster;
    }

    @Override
    public List<String> addresses() {
        return addresses;
    }

    @Override
    public List<Finding> preflight() {
        answer();
        return shared;
    }

    @Override
    public DestinationReport preflight(String destination) {
        asked.add(destination);
        answer();
        return new DestinationReport(destinations.getOrDefault(destination, List.of()), retention);
    }

    @Override
    public DestinationPlan plan(DestinationSpec spec) {
        return new DestinationPlan(
                spec.toBuilder().replicas(3).build(), destinations.getOrDefault(spec.name(), List.of()));
    }

    private void answer() {
        if (silent) {
            throw new ConnectionException("no answer");
        }
    }

    @Override
    public void ensure(DestinationSpec destination) {
        created.add(destination);
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of("fake")
                .with(Feature.ORDER_PER_KEY, Capabilities.Level.NATIVE, "")
                .with(Feature.BLOCK_ON_EXHAUSTED, Capabilities.Level.NATIVE, "")
                .with(Feature.MESSAGE_TTL, expires ? Capabilities.Level.NATIVE : Capabilities.Level.UNSUPPORTED, "")
                .build();
    }

    @Override
    public String cloudEventsPrefix() {
        return "ce_";
    }

    @Override
    public boolean exists(String destination) {
        return !missing.contains(destination);
    }

    @Override
    public PublishOrder publishOrder() {
        return PublishOrder.SESSION_PREFIX;
    }

    @Override
    public PublishSession openPublishSession(PublishListener listener) {
        throw new ConnectionException("carries no messages");
    }

    @Override
    public MessageSource openSource(SourceSpec spec, SourceListener listener) {
        throw new ConnectionException("carries no messages");
    }
}
