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
 * @param largestMessage how many bytes of key, headers and body the destination takes, about; null where there is no limit or it is not
 *     known. The engine leaves room below it for the headers of a dead letter
 */
public record DestinationReport(
        List<Finding> findings,
        @Nullable Duration retention,
        @Nullable Long largestMessage) {
    /** Without a limit of size. */
    public DestinationReport(List<Finding> findings, @Nullable Duration retention) {
        this(findings, retention, null);
    }

    public DestinationReport {
        findings = List.copyOf(findings);
    }
}
