package io.oncemq.it.kafka;

import io.oncemq.LostPositions;
import io.oncemq.StartPosition;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.time.Instant;

/** Specs of sources. */
final class Sources {
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private Sources() {}

    static SourceSpec spec(String topic, String group) {
        return spec(topic, group, StartPosition.EARLIEST, LostPositions.STOP, DRAIN);
    }

    static SourceSpec latest(String topic, String group) {
        return spec(topic, group, StartPosition.LATEST, LostPositions.STOP, DRAIN);
    }

    static SourceSpec at(String topic, String group, Instant instant) {
        return spec(topic, group, StartPosition.at(instant), LostPositions.STOP, DRAIN);
    }

    static SourceSpec goingOn(String topic, String group) {
        return spec(topic, group, StartPosition.EARLIEST, LostPositions.EARLIEST, DRAIN);
    }

    static SourceSpec draining(String topic, String group, Duration drain) {
        return spec(topic, group, StartPosition.EARLIEST, LostPositions.STOP, drain);
    }

    private static SourceSpec spec(
            String topic, String group, StartPosition startAt, LostPositions onLost, Duration drain) {
        return SourceSpec.builder(topic, group)
                .startAt(startAt)
                .onLost(onLost)
                .drainDeadline(drain)
                .build();
    }
}
