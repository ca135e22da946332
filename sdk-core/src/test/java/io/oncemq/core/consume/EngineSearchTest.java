package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.core.consume.EngineWorld.Nature;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must hold in every state of the engine that faults can lead to; see {@link EngineSearch}. */
@Timeout(120)
class EngineSearchTest {
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "crashes 1 reversals 1, HEALTHY",
        "crashes 1, FAILS_ONCE",
        "lapses 1, HEALTHY",
        "lapses 1, FAILS_ONCE",
        "closes 1, HEALTHY",
        "closes 1, FAILS_ONCE",
        "moves 1, HEALTHY",
        "moves 1, FAILS_ONCE",
        "crashes 1 reversals 1, FAILS_ONCE",
        "replies 1, HEALTHY",
        "replies 1, FAILS_ONCE",
        "losses 1, HEALTHY",
        "crashes 1, DERIVES",
        "replies 1, DERIVES_REFUSED",
        "crashes 1 reversals 1 alone 1, HEALTHY",
        "moves 1 alone 1, HEALTHY",
        "closes 1 alone 1, HEALTHY",
    })
    void holdsWhateverStrikes(String faults, Nature nature) {
        int states = EngineSearch.run(faults, nature);
        System.out.printf("engine, %s, %s: %,d states%n", faults, nature, states);
        assertThat(states).isGreaterThan(100);
    }
}
