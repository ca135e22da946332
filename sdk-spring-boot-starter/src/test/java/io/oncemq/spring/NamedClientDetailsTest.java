package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingClient;
import io.oncemq.spi.TransportFactory;
import io.oncemq.spring.toy.ToyProvider;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Which client Boot's connection details are for, where there are named clients. */
@ExtendWith(OutputCaptureExtension.class)
class NamedClientDetailsTest {
    private static final String UNUSED = "connection details are used by no client";

    private final Toys audit = new Toys();
    private final Toys container = new Toys();

    /** Details of a toy, as Boot has them of a Kafka. */
    private record FoundToy(Toys toys) implements FoundBroker {
        @Override
        public String scheme() {
            return "toy";
        }

        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public TransportFactory find(String client, ClientProperties properties, TlsSettings tls) {
            return new ToyProvider().fromUri(URI.create(toys.uri()));
        }
    }

    private ApplicationContextRunner named(String... properties) {
        return Toys.bare()
                .withBean(FoundBroker.class, () -> new FoundToy(container))
                .withPropertyValues("oncemq.clients.audit.without-idempotency=true", "oncemq.clients.audit.profile=DEV")
                .withPropertyValues(properties);
    }

    @Test
    void aNamedClientWithoutAnAddressUsesThem(CapturedOutput output) {
        named().run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(MessagingClient.class);
            assertThat(container.broker().clients()).isOne();
            assertThat(output).doesNotContain(UNUSED);
        });
    }

    @Test
    void aNamedClientKeepsItsOwnAddressAndTheUnusedDetailsAreReported(CapturedOutput output) {
        named("oncemq.clients.audit.transport=" + audit.uri()).run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(MessagingClient.class)
                    .hasBean("auditMessagingClient");
            assertThat(audit.broker().clients()).isOne();
            assertThat(container.broker().clients()).isZero();
            assertThat(output).containsOnlyOnce(UNUSED).contains("brokers=[toy]");
        });
    }

    @Test
    void theDefaultClientUsesThemBesideANamedClientWithAnAddress(CapturedOutput output) {
        named(
                        "oncemq.clients.audit.transport=" + audit.uri(),
                        "oncemq.transport=toy://any",
                        "oncemq.without-idempotency=true",
                        "oncemq.profile=DEV")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(audit.broker().clients()).isOne();
                    assertThat(container.broker().clients()).isOne();
                    assertThat(output).doesNotContain(UNUSED);
                });
    }

    @Test
    void nothingIsReportedWithoutDetails(CapturedOutput output) {
        Toys.bare()
                .withPropertyValues(
                        "oncemq.clients.audit.transport=" + audit.uri(),
                        "oncemq.clients.audit.without-idempotency=true",
                        "oncemq.clients.audit.profile=DEV")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).doesNotContain(UNUSED);
                });
    }

    /** Options are those of the client that uses the details. */
    @Test
    void optionsAreThoseOfTheNamedClient() {
        ClientProperties properties = new ClientProperties();
        properties.getKafka().setUsername("me");
        new ApplicationContextRunner()
                .withBean(KafkaConnectionDetails.class, () -> () -> List.of("container:9"))
                .run(context -> assertThat(refusal(() -> new FoundKafka(
                                        context.getBeanProvider(KafkaConnectionDetails.class))
                                .find("oncemq.clients.audit.", properties, new TlsSettings(context.getEnvironment()))))
                        .contains("oncemq.clients.audit.kafka."));
    }

    private static String refusal(Runnable action) {
        try {
            action.run();
            return "";
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
