package io.oncemq.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.oncemq.Codecs;
import io.oncemq.ConnectionException;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.Finding;
import io.oncemq.MessagingClient;
import io.oncemq.PreflightException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With block() a message can still become a dead letter: one that has expired, or one that was on its way there under another policy. */
class BlockedDeadLettersTest {
    private static final Finding ONE_COPY =
            Finding.violation("topic a.g.dlq", "copies", 1, "must be 3: a lone copy is lost", "Add copies");

    private final ReportingBroker broker = new ReportingBroker();
    private final MessagingClient client = MessagingClient.builder()
            .transport(clientId -> broker)
            .withoutIdempotency()
            .build();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void theirDestinationMustKeepThem() {
        broker.destinations.put("a.g.dlq", List.of(ONE_COPY));
        PreflightException refusal = catchThrowableOfType(PreflightException.class, this::subscribe);
        assertThat(refusal.findings()).containsExactly(ONE_COPY);
    }

    /** Such a message holds its key then, with an event. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theirDestinationMayBeMissingAlsoWhereMessagesExpire(boolean expires) {
        broker.expires = expires;
        broker.missing.add("a.g.dlq");
        // The checks are over when the source is opened.
        assertThatThrownBy(this::subscribe)
                .isInstanceOf(ConnectionException.class)
                .hasMessageStartingWith("carries no messages");
        assertThat(broker.asked).containsExactly("a");
    }

    private void subscribe() {
        client.subscription("a", Codecs.string())
                .group("g")
                .deadLetter(DeadLetterPolicy.block())
                .handler(delivery -> {})
                .start();
    }
}
