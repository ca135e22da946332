package io.oncemq.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** The bounds of injected publishers. */
public class PublisherProperties {
    /** Messages whose outcome is open: 10000 unless told otherwise. At the bound publish blocks. */
    private @Nullable Integer maxInFlight;

    /** Their size: 32MB unless told otherwise. */
    private @Nullable DataSize maxInFlightBytes;

    /** From the call of publish to its outcome: 30 s unless told otherwise. */
    private @Nullable Duration deadline;

    /** Name of the Executor bean on which futures complete; without it one thread of the client, on which nothing may block. */
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
