package io.oncemq.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** The bounds of injected publishers. */
public class PublisherProperties {
    /** Messages whose outcome is open. Default: 10000. At the bound publish blocks. */
    private @Nullable Integer maxInFlight;

    /** Size of the messages whose outcome is open. Default: 32MB. */
    private @Nullable DataSize maxInFlightBytes;

    /** From the call of publish to its outcome. Default: 30 s. */
    private @Nullable Duration deadline;

    /** Name of the Executor bean on which futures complete. Default: one thread of the client; continuations must not block it. */
    private @Nullable String completeOn;

    public @Nullable String getCompleteOn() {
        return completeOn;
    }

    public void setCompleteOn(@Nullable String completeOn) {
        this.completeOn = completeOn;
    }

    public @Nullable Integer getMaxInFlight() {
        return maxInFlight;
    }

    public void setMaxInFlight(@Nullable Integer maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public @Nullable DataSize getMaxInFlightBytes() {
        return maxInFlightBytes;
    }

    public void setMaxInFlightBytes(@Nullable DataSize maxInFlightBytes) {
        this.maxInFlightBytes = maxInFlightBytes;
    }

    public @Nullable Duration getDeadline() {
        return deadline;
    }

    public void setDeadline(@Nullable Duration deadline) {
        this.deadline = deadline;
    }
}
