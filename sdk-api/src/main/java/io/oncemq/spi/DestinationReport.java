package io.oncemq.spi;

import io.oncemq.Finding;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the settings of one destination mean for {@link io.oncemq.Profile#DURABLE}.
 *
 * @param findings what stands against it; empty if nothing does
 * @param retention for how long the broker can deliver a message again; {@link java.time.temporal.ChronoUnit#FOREVER} without a
 *     limit in time; null if that is not known
 */
public record DestinationReport(
        List<Finding> findings, @Nullable Duration retention) {
    public DestinationReport {
        findings = List.copyOf(findings);
    }
}
