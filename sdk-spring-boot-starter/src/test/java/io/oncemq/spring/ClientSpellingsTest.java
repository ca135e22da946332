package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

/** Which clients there are: however their names are spelled, and beside clients of the application's own. */
class ClientSpellingsTest {
    @Configuration(proxyBeanMethods = false)
    static class OwnClient {
        @Bean
        MessagingClient mine() {
            return ownClient();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnClientBeside {
        @Bean(defaultCandidate = false)
        MessagingClient mine() {
            return ownClient();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class UsesPublisher {
        @Bean
        Object outlet(@OncePublisher("orders") Publisher<String> publisher) {
            return publisher;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Auditor {
        @Bean
        Audit auditor(@Qualifier("audit-log") MessagingClient client) {
            return new Audit(client);
        }
    }

    record Audit(MessagingClient client) {}

    private static MessagingClient ownClient() {
        return MessagingClient.builder()
                .transport(new Toys().uri())
                .profile(Profile.DEV)
                .withoutIdempotency()
                .build();
    }

    @Test
    void aFileAndAnEnvironmentVariableDescribeOneClient() {
        Toys toys = new Toys();
        toys.broker().create("orders");
        variables(Toys.bare(), Map.of("ONCEMQ_CLIENTS_AUDITLOG_CLIENTID", "auditor"))
                .withPropertyValues(
                        "oncemq.clients.audit-log.transport=" + toys.uri(),
                        "oncemq.clients.audit-log.profile=DEV",
                        "oncemq.clients.audit-log.without-idempotency=true")
                .withUserConfiguration(Auditor.class)
                .run(context -> {
                    assertThat(context.getBean(Clients.class).all()).containsOnlyKeys("audit-log");
                    assertThat(context.getBeanNamesForType(MessagingClient.class))
                            .containsExactly("audit-logMessagingClient");
                    assertThat(context.getBean(OnceMqProperties.class)
                                    .getClients()
                                    .get("audit-log")
                                    .getClientId())
                            .isEqualTo("auditor");
                });
    }

    @Test
    void aDestinationThatAVariableChangesIsNotEnsuredUnderAnotherNameAsWell() {
        Toys toys = new Toys();
        variables(toys.application("billing"), Map.of("ONCEMQ_DESTINATIONS_AUDITLOG_PARTITIONS", "3"))
                .withPropertyValues("oncemq.destinations.audit-log.groups=desk")
                .run(context -> assertThat(
                                context.getBean(OnceMqProperties.class).getDestinations())
                        .containsOnlyKeys("audit-log")
                        .hasEntrySatisfying("audit-log", one -> {
                            assertThat(one.getPartitions()).isEqualTo(3);
                            assertThat(one.getGroups()).containsExactly("desk");
                        }));
    }

    @Test
    void twoWrittenSpellingsOfANameAreRefused() {
        Toys.bare()
                .withPropertyValues(
                        "oncemq.clients.audit-log.transport=toy://a", "oncemq.clients.auditLog.transport=toy://a")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("oncemq.clients")
                        .hasMessageContaining("audit-log")
                        .hasMessageContaining("auditLog"));
    }

    @Test
    void aClientOfTheApplicationDoesNotSilentlyTakeThePlaceOfTheConfiguredOne() {
        new Toys()
                .application("billing", "orders")
                .withUserConfiguration(OwnClient.class, UsesPublisher.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("oncemq.transport")
                        .hasMessageContaining("'mine'")
                        .hasMessageContaining("defaultCandidate"));
    }

    @Test
    void aClientOfTheApplicationThatIsNoDefaultCandidateStandsBesideTheConfiguredOne() {
        new Toys()
                .application("billing", "orders")
                .withUserConfiguration(OwnClientBeside.class, UsesPublisher.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(Clients.class).all().get("default"))
                            .isSameAs(context.getBean(ClientNames.DEFAULT_BEAN));
                });
    }

    @Test
    void aPublisherThatIsMissingBecauseOnceMqIsTurnedOffIsExplained() {
        new Toys()
                .application("billing", "orders")
                .withUserConfiguration(UsesPublisher.class)
                .withPropertyValues("oncemq.enabled=false")
                .run(context -> {
                    FailureAnalysis analysis = new DisabledFailureAnalyzer(
                                    new MockEnvironment().withProperty("oncemq.enabled", "false"))
                            .analyze(context.getStartupFailure());
                    assertThat(analysis).isNotNull();
                    assertThat(analysis.getDescription()).contains("no Publisher", "oncemq.enabled is false");
                    assertThat(new DisabledFailureAnalyzer(new MockEnvironment()).analyze(context.getStartupFailure()))
                            .isNull();
                });
    }

    private static ApplicationContextRunner variables(ApplicationContextRunner runner, Map<String, Object> variables) {
        return runner.withInitializer(context -> context.getEnvironment()
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables)));
    }
}
