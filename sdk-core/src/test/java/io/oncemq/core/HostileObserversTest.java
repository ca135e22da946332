package io.oncemq.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Codecs;
import io.oncemq.MessageInterceptor;
import io.oncemq.MessagingClient;
import io.oncemq.Publisher;
import io.oncemq.core.consume.HostileKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An observer that throws prevents neither a client nor a publisher, and the observers after it are still called. */
class HostileObserversTest {
    private final List<String> seen = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void aClientAndItsPublishersOpen(HostileKind kind) {
        MessageInterceptor hostile = new MessageInterceptor() {
            @Override
            public void opened(String clientId, String system) {
                kind.thrown();
            }

            @Override
            public void publisherOpened(Publisher<?> publisher) {
                kind.thrown();
            }
        };
        MessageInterceptor next = new MessageInterceptor() {
            @Override
            public void opened(String clientId, String system) {
                seen.add(system);
            }

            @Override
            public void publisherOpened(Publisher<?> publisher) {
                seen.add(publisher.destination());
            }
        };
        try (MessagingClient client = MessagingClient.builder()
                .transport(clientId -> new ReportingBroker())
                .withoutIdempotency()
                .interceptor(hostile)
                .interceptor(next)
                .build()) {
            assertThat(client.publisher("orders", Codecs.string()).destination())
                    .isEqualTo("orders");
        } finally {
            // Of the hostile observer, which runs on this thread.
            Thread.interrupted();
        }
        assertThat(seen).containsExactly("fake", "orders");
    }
}
