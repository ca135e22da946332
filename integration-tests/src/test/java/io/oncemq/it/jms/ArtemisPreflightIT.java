package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.Finding;
import io.oncemq.MessagingClient;
import io.oncemq.PreflightException;
import io.oncemq.jms.Artemis;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.testkit.server.ArtemisServer;
import org.junit.jupiter.api.Test;

/** A broker that confirms what it will have forgotten. */
class ArtemisPreflightIT {
    @Test
    void namesTheSettingsUnderWhichAConfirmMeansNothing() {
        try (ArtemisServer server = ArtemisServer.builder()
                .config("persistence-enabled", false)
                .config("journal-sync-non-transactional", false)
                .build()) {
            server.start();
            Artemis artemis = Artemis.at("127.0.0.1:" + server.port());
            try (BrokerTransport transport = artemis.open("preflight")) {
                assertThat(transport.preflight())
                        .allMatch(finding -> finding.severity() == Finding.Severity.VIOLATION)
                        .extracting(Finding::setting)
                        .containsExactly("persistence-enabled", "journal-sync-non-transactional");
            }
            assertThatExceptionOfType(PreflightException.class)
                    .isThrownBy(() -> MessagingClient.builder()
                            .transport(artemis)
                            .withoutIdempotency()
                            .build())
                    .withMessageContaining("persistence-enabled")
                    .withMessageContaining("journal-sync-non-transactional");
        }
    }
}
