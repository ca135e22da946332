package io.oncemq.spi;

import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import java.util.List;

/**
 * How a destination would be ensured under {@link io.oncemq.Profile#DURABLE}.
 *
 * @param destination as asked for, with durable settings where the user leaves them to a broker whose own are weaker
 * @param findings what stands against it all the same, or against the destination that exists already
 */
public record DestinationPlan(DestinationSpec destination, List<Finding> findings) {
    public DestinationPlan {
        findings = List.copyOf(findings);
    }
}
