package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.StartPosition;
import io.oncemq.core.claim.InProcessIdempotency;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** D6: where a group may begin, given for how long the store remembers what was handled. */
class StartPositionTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration REMEMBERED = Duration.ofDays(7);

    private final EngineHarness engine = new EngineHarness(new SwitchedStore(
            InProcessIdempotency.create(Clock.systemUTC(), REMEMBERED).open()));

    @BeforeEach
    void fixTheTime() {
        engine.clock = Clock.fixed(NOW, ZoneOffset.UTC);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-14T11:59:59.999Z", "-1000000000-01-01T00:00:00Z"})
    void refusesAnInstantBehindTheStoresMemory(Instant start) {
        ConfigurationException refusal =
                catchThrowableOfType(ConfigurationException.class, () -> start(StartPosition.at(start), true));

        assertThat(refusal).as("refusal").isNotNull();
        assertThat(refusal.property()).isEqualTo("startAt");
        assertThat(refusal.value()).isEqualTo("at(" + start + ")");
        assertThat(refusal).hasMessageContaining("rememberFor = PT168H");
        assertThat(refusal.remedy()).contains("rememberFor", "EARLIEST");
        assertThat(engine.source.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-14T12:00:00Z", "2026-11-21T12:00:00Z", "+1000000000-12-31T23:59:59.999999999Z"})
    void acceptsAnInstantThatTheStoreRemembers(Instant start) {
        assertStarts(StartPosition.at(start), true);
    }

    @Test
    void namesNoInstantForTheEarliestAndTheLatest() {
        assertThat(StartPosition.EARLIEST.instant()).isNull();
        assertStarts(StartPosition.EARLIEST, true);
        assertStarts(StartPosition.LATEST, true);
    }

    /** A program that names an instant must not fail when it is started again a week later. */
    @Test
    void anInstantThatHasGrownOldStopsNoGroupThatHasBegun() {
        engine.source.groupHasPosition = true;

        assertStarts(StartPosition.at(NOW.minus(REMEMBERED.multipliedBy(9))), true);
    }

    @Test
    void withoutAStoreAnyInstantWillDo() {
        assertStarts(StartPosition.at(Instant.EPOCH), false);
    }

    @Test
    void equalInstantsAreEqualPositions() {
        assertThat(StartPosition.at(NOW))
                .isEqualTo(StartPosition.at(NOW))
                .hasSameHashCodeAs(StartPosition.at(NOW))
                .isNotEqualTo(StartPosition.at(NOW.plusMillis(1)))
                .isNotEqualTo(StartPosition.LATEST);
    }

    private void assertStarts(StartPosition position, boolean withStore) {
        assertThatCode(() -> start(position, withStore)).doesNotThrowAnyException();
        assertThat(engine.source.isOpen()).isTrue();
        engine.close();
    }

    private void start(StartPosition position, boolean withStore) {
        engine.start(engine.subscribe(withStore).startAt(position), delivery -> {});
    }
}
