package io.oncemq.core.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ConfigurationException;
import io.oncemq.CrashPolicy;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.Owner;
import io.oncemq.spi.Providers;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InProcessIdempotencyStoreTest {
    private static final Owner ONE = new Owner(1, 1);
    private static final Owner TWO = new Owner(2, 1);

    private final MovableClock clock = new MovableClock();
    private final InProcessIdempotencyStore store = new InProcessIdempotencyStore(clock, Duration.ofHours(1));
    private final ClaimStore claims = store.group("g", CrashPolicy.REPROCESS, Duration.ofSeconds(30));

    @Test
    void answersInTheOrderOfTheCommands() {
        assertThat(claims.apply(List.of(
                        command(Type.CLAIM, 1, ONE),
                        command(Type.CLAIM, 1, TWO),
                        command(Type.COMPLETE, 1, ONE),
                        command(Type.CLAIM, 1, TWO),
                        command(Type.CLAIM, 2, TWO))))
                .extracting(StoreAnswer::kind)
                .containsExactly(Kind.ACQUIRED, Kind.BUSY, Kind.OK, Kind.DONE, Kind.ACQUIRED);
    }

    @Test
    void keepsGroupsApart() {
        ClaimStore others = store.group("h", CrashPolicy.REPROCESS, Duration.ofSeconds(30));
        only(claims, Type.CLAIM, ONE);
        assertThat(only(others, Type.CLAIM, TWO).kind()).isEqualTo(Kind.ACQUIRED);
    }

    @Test
    void letsALeaseLapseByItsClock() {
        only(claims, Type.CLAIM, ONE);
        clock.forward(Duration.ofSeconds(29));
        assertThat(only(claims, Type.CLAIM, TWO)).isEqualTo(StoreAnswer.busy(Duration.ofSeconds(1)));
        clock.forward(Duration.ofSeconds(1));
        assertThat(only(claims, Type.CLAIM, TWO).suspect()).isTrue();
    }

    @Test
    void tokenGrowsThoughTheClockGoesBack() {
        long first = only(claims, Type.CLAIM, ONE).token();
        clock.forward(Duration.ofMinutes(-5));
        assertThat(only(claims, Type.CLAIM, ONE).token()).isGreaterThan(first);
    }

    @Test
    void forgetsWhatIsOlderThanItPromised() {
        only(claims, Type.CLAIM, ONE);
        only(claims, Type.COMPLETE, ONE);
        clock.forward(Duration.ofMinutes(60));
        assertThat(only(claims, Type.CLAIM, TWO).kind()).isEqualTo(Kind.DONE);
        clock.forward(Duration.ofSeconds(1));
        assertThat(claims.apply(List.of(command(Type.CLAIM, 2, TWO)))).hasSize(1);
        assertThat(store.size("g")).isEqualTo(1);
    }

    @Test
    void afterALossOfDataNoClaimIsGrantedUntilEachLeaseHasEnded() {
        only(claims, Type.CLAIM, ONE);
        store.loseData();
        assertThat(only(claims, Type.CLAIM, TWO)).isEqualTo(StoreAnswer.busy(Duration.ofSeconds(30)));
        assertThat(claims.dataLosses()).isEqualTo(1);
        clock.forward(Duration.ofSeconds(29));
        assertThat(only(claims, Type.CLAIM, ONE)).isEqualTo(StoreAnswer.busy(Duration.ofSeconds(1)));
        clock.forward(Duration.ofSeconds(1));
        assertThat(only(claims, Type.CLAIM, TWO).kind()).isEqualTo(Kind.ACQUIRED);
        assertThat(claims.dataLosses()).isEqualTo(1);
    }

    @Test
    void aClientThatComesAfterTheLossHasSeenNone() {
        store.loseData();
        ClaimStore later = store.group("g", CrashPolicy.REPROCESS, Duration.ofSeconds(30));
        only(later, Type.CLAIM, ONE);
        assertThat(later.dataLosses()).isZero();
    }

    @Test
    void aTokenIsTheTimeInMicroseconds() {
        clock.forward(Duration.ofNanos(1_500_000));
        assertThat(only(claims, Type.CLAIM, ONE).token()).isEqualTo(1_000_000_001_500L);
    }

    @Test
    void aNameKeepsItsClusterUnlessAnotherIsAccepted() {
        assertThat(store.cluster("g", "kafka", "one", false)).isNull();
        assertThat(store.cluster("g", "kafka", "one", false)).isNull();
        assertThat(store.cluster("g", "kafka", "two", false)).isEqualTo("one");
        assertThat(store.cluster("g", "kafka", "two", true)).isNull();
        assertThat(store.cluster("g", "kafka", "two", false)).isNull();
        assertThat(store.cluster("h", "kafka", "two", false)).isNull();
    }

    @Test
    void remembersForAHundredYearsAtMost() {
        Duration longest = Duration.ofDays(36_500);
        assertThat(InProcessIdempotency.create(clock, longest)).hasToString("InProcessIdempotency");
        assertThatThrownBy(() -> InProcessIdempotency.create(clock, longest.plusNanos(1)))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void remembersForAWeekByDefaultAndForTheTimeThatWasGivenOtherwise() {
        assertThat(InProcessIdempotency.create().open().rememberFor()).isEqualTo(Duration.ofDays(7));
        assertThat(store.rememberFor()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void saysThatItDoesNotOutliveTheProcess() {
        assertThat(store.preflight())
                .singleElement()
                .satisfies(finding -> assertThat(finding.toString()).contains("must outlive the process"));
    }

    @Test
    void aNameThatIsNewInTheProcessGetsAStore() {
        assertThat(Providers.store("memory://" + UUID.randomUUID())).isNotNull();
    }

    @Test
    void isSharedByNameWithinTheProcess() {
        ClaimStore here =
                Providers.store("memory://shared").open().group("g", CrashPolicy.REPROCESS, Duration.ofDays(1));
        ClaimStore there =
                Providers.store("memory://shared").open().group("g", CrashPolicy.REPROCESS, Duration.ofDays(1));
        only(here, Type.CLAIM, ONE);
        assertThat(only(there, Type.CLAIM, TWO).kind()).isEqualTo(Kind.BUSY);
    }

    @Test
    void refusesAUriWithoutName() {
        assertThatThrownBy(() -> Providers.store("memory:/"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("memory://local");
    }

    private static StoreAnswer only(ClaimStore claims, Type type, Owner owner) {
        return claims.apply(List.of(command(type, 1, owner))).get(0);
    }

    private static StoreCommand command(Type type, long id, Owner owner) {
        return StoreCommand.of(type, new RecordId(id, 0, 0), owner);
    }

    private static final class MovableClock extends Clock {
        private Instant now = Instant.ofEpochSecond(1_000_000);

        void forward(Duration step) {
            now = now.plus(step);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
