package io.oncemq.it.kafka;

import io.oncemq.LostPositions;
import io.oncemq.Ordering;
import io.oncemq.StartPosition;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;

/** Specs of sources. */
final class Sources {
    private Sources() {}

    static SourceSpec spec(String topic, String group) {
        return new SourceSpec(
                topic,
                group,
                StartPosition.EARLIEST,
                LostPositions.STOP,
                Ordering.PER_KEY,
                10_000,
                Duration.ofMinutes(5),
                Duration.ofSeconds(5));
    }

    static SourceSpec latest(String topic, String group) {
        return new SourceSpec(
                topic,
                group,
                StartPosition.LATEST,
                LostPositions.STOP,
                Ordering.PER_KEY,
                10_000,
                Duration.ofMinutes(5),
                Duration.ofSeconds(5));
    }

    static SourceSpec goingOn(String topic, String group) {
        return new SourceSpec(
                topic,
                group,
                StartPosition.EARLIEST,
                LostPositions.EARLIEST,
                Ordering.PER_KEY,
                10_000,
                Duration.ofMinutes(5),
                Duration.ofSeconds(5));
    }

    static SourceSpec draining(String topic, String group, Duration drain) {
        return new SourceSpec(
                topic,
                group,
                StartPosition.EARLIEST,
                LostPositions.STOP,
                Ordering.PER_KEY,
                10_000,
                Duration.ofMinutes(5),
                drain);
    }
}
