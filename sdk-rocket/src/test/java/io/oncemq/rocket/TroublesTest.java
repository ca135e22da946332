package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.MessagingEvent.SourceResumed;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.junit.jupiter.api.Test;

class TroublesTest {
    private final List<MessagingEvent> events = new ArrayList<>();
    private long nanos = 1;
    private final Troubles troubles = new Troubles(spec(), events::add, () -> nanos);

    private static SourceSpec spec() {
        return SourceSpec.builder("orders", "g")
                .onLost(LostPositions.EARLIEST)
                .maxInFlight(100)
                .maxInFlightBytes(1 << 20)
                .build();
    }

    private <E extends MessagingEvent> List<E> heard(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Test
    void tellsOfOneBrokerOnceThoughAllOfItsQueuesFailAndTheOthersGoOn() {
        troubles.letIn();
        for (int queue = 0; queue < 8; queue++) {
            assertThat(troubles.failed("broker-1", new RemotingConnectException("b:1")))
                    .isBetween(1L, Duration.ofMillis(100).toNanos());
            troubles.well("broker-0", true);
        }
        assertThat(heard(SourceInterrupted.class))
                .singleElement()
                .extracting(SourceInterrupted::partition)
                .isEqualTo("broker-1");
        assertThat(heard(SourceResumed.class)).isEmpty();
        troubles.well("broker-1", false);
        assertThat(heard(SourceResumed.class)).hasSize(1);
    }

    @Test
    void aBrokerThatIsNotReadyIsWaitedForAlsoAtTheStart() {
        troubles.failed("broker-0", new MQBrokerException(ResponseCode.SYSTEM_ERROR, "not yet"));
        troubles.failed("broker-0", new ConnectionException("away"));
        assertThat(heard(SourceInterrupted.class)).isNotEmpty();
    }

    /** B1 and S13: a member that has nothing to read lives through a rotation of credentials, too. */
    @Test
    void refusedCredentialsEndOnlyWhatWasNeverLetIn() {
        MQBrokerException refused = new MQBrokerException(ResponseCode.NO_PERMISSION, "no");
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> troubles.failed(Troubles.DIRECTORY, refused));
        troubles.letIn();
        troubles.failed(Troubles.DIRECTORY, refused);
        assertThat(heard(AccessRefused.class)).hasSize(1);
        for (int tries = 0; tries < 5; tries++) {
            nanos += Duration.ofSeconds(10).toNanos();
            troubles.failed(Troubles.DIRECTORY, refused);
        }
        assertThat(heard(AccessRefused.class)).hasSize(1);
        nanos += Duration.ofSeconds(11).toNanos();
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> troubles.failed(Troubles.DIRECTORY, refused));
    }

    @Test
    void aBrokerThatLetsTheSourceInDoesNotExcuseOneThatRefusesIt() {
        MQBrokerException refused = new MQBrokerException(ResponseCode.NO_PERMISSION, "no");
        troubles.letIn();
        for (int tries = 0; tries < 6; tries++) {
            troubles.failed("broker-0", refused);
            troubles.well("broker-1", true);
            nanos += Duration.ofSeconds(10).toNanos();
        }
        assertThat(heard(AccessRefused.class)).hasSize(1);
        assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> troubles.failed("broker-0", refused));
    }

    @Test
    void aGroupThatIsGoneIsAnErrorOfConfigurationAtTheStartAndALossLater() {
        MQBrokerException gone = new MQBrokerException(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, "g");
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> troubles.failed("broker-0", gone));
        troubles.letIn();
        troubles.failed("broker-0", gone);
        assertThat(heard(PositionsLost.class)).hasSize(1);
    }
}
