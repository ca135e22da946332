package io.oncemq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.MessagingEvent.AccessRegained;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.MessagingEvent.SourceResumed;
import io.oncemq.MessagingException;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.support.SourceTrouble.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SourceRecoveryTest {
    private static final ConnectionException RESET = new ConnectionException("connection reset");
    private static final AuthenticationException LOGIN = refusal("login");
    private static final AuthenticationException TLS = refusal("tls");
    private static final ConfigurationException PORT =
            new ConfigurationException("addresses", "broker:80", "the port speaks HTTP", "Use another port");
    private static final MessagingException ANY = new MessagingException("a property cannot be converted");

    private final List<MessagingEvent> events = new ArrayList<>();
    private long now;
    private final SourceRecovery recovery = recovery(LostPositions.STOP, false);

    /** The table: the only errors that may end a source which has succeeded are refused credentials and a missing destination. */
    @ParameterizedTest
    @CsvSource({
        "CONNECTION,    RETRY, RETRY",
        "TLS,           FAIL,  RETRY",
        "CREDENTIALS,   FAIL,  RETRY_FOR_A_WHILE",
        "MISSING,       FAIL,  AS_LOST_POSITIONS_SAY",
        "CONFIGURATION, FAIL,  RETRY",
        "OTHER,         FAIL,  RETRY"
    })
    void saysWhatBecomesOfASource(SourceTrouble trouble, Answer atStart, Answer running) {
        assertThat(trouble.answer(false)).isEqualTo(atStart);
        assertThat(trouble.answer(true)).isEqualTo(running);
    }

    @Test
    void hasARowForEachKind() {
        assertThat(SourceTrouble.values()).hasSize(6);
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(RESET, SourceTrouble.CONNECTION),
                Arguments.of(LOGIN, SourceTrouble.CREDENTIALS),
                Arguments.of(new AuthenticationException("no"), SourceTrouble.CREDENTIALS),
                Arguments.of(TLS, SourceTrouble.TLS),
                Arguments.of(refusal("ssl.truststore"), SourceTrouble.TLS),
                Arguments.of(PORT, SourceTrouble.CONFIGURATION),
                Arguments.of(ANY, SourceTrouble.OTHER));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void tellsTheKindOfATranslatedError(MessagingException error, SourceTrouble kind) {
        assertThat(SourceTrouble.of(error)).isEqualTo(kind);
    }

    @Test
    void aSettingThatNeverWorkedEndsTheSource() {
        for (MessagingException error : List.of(LOGIN, TLS, PORT, ANY)) {
            assertThatThrownBy(() -> recovery.retryAfter(error)).isSameAs(error);
        }
        assertThat(events).isEmpty();
    }

    @Test
    void aBrokerThatIsUnreachableAtTheStartIsTriedAgain() {
        assertThat(recovery.retryAfter(RESET)).isPositive();
        assertThat(events).singleElement().isInstanceOf(SourceInterrupted.class);
    }

    @Test
    void afterASuccessTheSameSettingsAreTriedAgainForEver() {
        recovery.letIn();
        for (int i = 0; i < 1_000; i++) {
            recovery.retryAfter(TLS);
            advance(SourceRecovery.LAST_WAIT);
        }
        assertThat(events).singleElement().isInstanceOfSatisfying(SourceInterrupted.class, event -> {
            assertThat(event.cause()).isSameAs(TLS);
            assertThat(event.retryIn()).isPositive();
            assertThat(event.partition()).isNull();
        });
    }

    @Test
    void theWaitGrowsUpToItsBoundAndBeginsAnewAfterAMessage() {
        recovery.letIn();
        assertThat(recovery.retryAfter(RESET)).isLessThan(SourceRecovery.FIRST_WAIT.multipliedBy(2));
        for (int i = 0; i < 100; i++) {
            // To be let in is no proof: the next error may come with the first message.
            recovery.letIn();
            recovery.well(false);
            assertThat(recovery.retryAfter(RESET)).isLessThan(SourceRecovery.LAST_WAIT.multipliedBy(2));
        }
        assertThat(recovery.retryAfter(RESET)).isGreaterThan(SourceRecovery.LAST_WAIT.dividedBy(2));
        recovery.well(true);
        assertThat(recovery.retryAfter(RESET)).isLessThan(SourceRecovery.FIRST_WAIT.multipliedBy(2));
    }

    @Test
    void tellsOfAnotherKindAndOfTheReturnWithTheLengthOfAll() {
        recovery.letIn();
        recovery.retryAfter(RESET);
        advance(Duration.ofSeconds(20));
        recovery.retryAfter(PORT);
        advance(SourceRecovery.QUIET.minusNanos(1));
        recovery.well(false);
        assertThat(events).hasSize(2).allMatch(SourceInterrupted.class::isInstance);
        advance(Duration.ofNanos(1));
        recovery.well(false);
        recovery.well(true);
        assertThat(events)
                .hasSize(3)
                .last()
                .isInstanceOfSatisfying(
                        SourceResumed.class, event -> assertThat(event.outage()).isEqualTo(Duration.ofSeconds(30)));
    }

    @Test
    void refusedCredentialsEndItAfterAMinuteWithEventsOfTheirOwn() {
        recovery.letIn();
        refuseForFiftySeconds();
        advance(Duration.ofSeconds(9));
        recovery.retryAfter(LOGIN);
        recovery.well(true);
        refuseForFiftySeconds();
        advance(Duration.ofSeconds(10));
        assertThatThrownBy(() -> recovery.retryAfter(LOGIN)).isSameAs(LOGIN);
        assertThat(events)
                .extracting(Object::getClass)
                .containsExactly(AccessRefused.class, AccessRegained.class, AccessRefused.class);
    }

    private void refuseForFiftySeconds() {
        recovery.retryAfter(LOGIN);
        for (int times = 0; times < 5; times++) {
            advance(Duration.ofSeconds(10));
            recovery.retryAfter(LOGIN);
        }
    }

    @Test
    void aMissingDestinationEndsItUnlessLostPositionsMayBeGivenUp() {
        recovery.letIn();
        assertThatThrownBy(() -> recovery.retryAfterMissing("orders-3", ANY)).isSameAs(ANY);
        SourceRecovery replay = recovery(LostPositions.EARLIEST, true);
        replay.letIn();
        assertThatThrownBy(() -> replay.retryAfterMissing("orders-3", ANY)).isSameAs(ANY);
        assertThat(events)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                PositionsLost.class,
                                lost -> assertThat(lost.partition()).isEqualTo("orders-3")));
    }

    @Test
    void aMissingDestinationIsWaitedForWhereLostPositionsMayBeGivenUp() {
        SourceRecovery waiting = recovery(LostPositions.EARLIEST, false);
        assertThatThrownBy(() -> waiting.retryAfterMissing("orders", ANY)).isSameAs(ANY);
        waiting.letIn();
        assertThat(waiting.retryAfterMissing("orders", ANY)).isPositive();
        assertThat(waiting.retryAfterMissing("orders", ANY)).isPositive();
        assertThat(events).extracting(Object::getClass).containsExactly(PositionsLost.class, SourceInterrupted.class);
    }

    @Test
    void aPartHasItsOwnBackOffAndEventsAndSharesTheFirstSuccess() {
        SourceRecovery first = recovery.part("orders-0");
        SourceRecovery second = recovery.part("orders-1");
        first.letIn();
        for (int i = 0; i < 20; i++) {
            second.retryAfter(TLS);
        }
        first.well(true);
        assertThat(first.retryAfter(TLS)).isLessThan(SourceRecovery.FIRST_WAIT.multipliedBy(2));
        assertThat(events).hasSize(2).allSatisfy(event -> assertThat(event).isInstanceOf(SourceInterrupted.class));
        assertThat(((SourceInterrupted) events.get(0)).partition()).isEqualTo("orders-1");
    }

    private void advance(Duration time) {
        now += time.toNanos();
    }

    private SourceRecovery recovery(LostPositions onLost, boolean replay) {
        SourceSpec spec = SourceSpec.builder("orders", "billing")
                .onLost(onLost)
                .maxInFlight(100)
                .maxInFlightBytes(1 << 20)
                .drainDeadline(Duration.ofSeconds(5))
                .replay(replay)
                .build();
        return new SourceRecovery(spec, events::add, () -> now);
    }

    private static AuthenticationException refusal(String property) {
        return new AuthenticationException(property, "***", "is refused", "Check it", null);
    }
}
