package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.Profile;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.annotation.Order;

/** Clients that the application builds, destinations of clients other than the configured one, and clients of a parent context. */
class OwnClientTest {
    private final Toys toys = new Toys();

    @Test
    void theBuilderHasAllPropertiesAndIsNewForEachInjection() {
        application()
                .withUserConfiguration(BuiltClient.class)
                .withPropertyValues("oncemq.destinations.configured.partitions=1")
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(MessagingClient.class);
                    assertThat(toys.broker().exists("configured")).isTrue();
                    assertThat(context.getBean(MessagingClientBuilder.class))
                            .isNotSameAs(context.getBean(MessagingClientBuilder.class));
                });
    }

    @Test
    void destinationBeansAreEnsuredByAClientThatTheApplicationBuilds() {
        application()
                .withUserConfiguration(PlainClient.class, Destinations.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(toys.broker().exists("bean")).isTrue();
                });
    }

    @Test
    void aClientOfTheInjectedBuilderEnsuresDestinationBeansOnce() {
        application()
                .withUserConfiguration(BuiltClient.class, Destinations.class)
                .run(context -> assertThat(toys.broker().ensured()).containsExactly("bean"));
    }

    @Test
    void soDoesOneThatConnectsInTheBackground() {
        application()
                .withUserConfiguration(BuiltClient.class, Destinations.class)
                .withPropertyValues("oncemq.startup=background")
                .run(context -> {
                    MessagingClient client = context.getBean(MessagingClient.class);
                    client.connected().get(1, TimeUnit.MINUTES);
                    context.getBean(OwnClientDestinations.class).afterSingletonsInstantiated();
                    assertThat(toys.broker().ensured()).containsExactly("bean");
                });
    }

    @Test
    void destinationBeansAreEnsuredInTheirOrder() {
        application()
                .withUserConfiguration(OrderedDestinations.class)
                .withInitializer(context -> ((GenericApplicationContext) context)
                        .registerBean(
                                "first",
                                DestinationSpec.class,
                                () -> DestinationSpec.of("first"),
                                definition -> definition.setAttribute(AbstractBeanDefinition.ORDER_ATTRIBUTE, 1)))
                .run(context ->
                        assertThat(toys.broker().ensured()).containsExactly("first", "second", "third", "last"));
    }

    @Test
    void aDestinationBeanWithTheNameOfAClientIsEnsuredByThatClient() {
        Toys other = new Toys();
        application()
                .withUserConfiguration(Destinations.class, AuditDestination.class)
                .withPropertyValues(
                        "oncemq.clients.audit.transport=" + other.uri(),
                        "oncemq.clients.audit.without-idempotency=true",
                        "oncemq.clients.audit.profile=DEV")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(other.broker().exists("trail")).isTrue();
                    assertThat(toys.broker().exists("trail")).isFalse();
                    assertThat(toys.broker().exists("bean")).isTrue();
                });
    }

    @Test
    void aChildContextUsesTheClientOfItsParent() {
        application()
                .run(parent -> application()
                        .withParent(parent.getSourceApplicationContext())
                        .run(child -> {
                            assertThat(child).hasNotFailed();
                            assertThat(child.getBean(Clients.class).get("", "test", "test"))
                                    .isSameAs(parent.getBean(MessagingClient.class));
                        }));
    }

    private ApplicationContextRunner application() {
        return toys.application("group");
    }

    @Configuration(proxyBeanMethods = false)
    static class BuiltClient {
        @Bean
        @Primary
        MessagingClient ownClient(MessagingClientBuilder builder) {
            return builder.clientId("own").build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PlainClient {
        @Bean
        @Primary
        MessagingClient ownClient(@Value("${oncemq.transport}") String transport) {
            return MessagingClient.builder()
                    .profile(Profile.DEV)
                    .transport(transport)
                    .withoutIdempotency()
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Destinations {
        @Bean
        DestinationSpec bean() {
            return DestinationSpec.builder("bean").partitions(1).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OrderedDestinations {
        @Bean
        DestinationSpec last() {
            return DestinationSpec.of("last");
        }

        @Bean
        @Order(3)
        DestinationSpec third() {
            return DestinationSpec.of("third");
        }

        @Bean
        @Order(2)
        DestinationSpec second() {
            return DestinationSpec.of("second");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AuditDestination {
        @Bean
        @Qualifier("audit")
        DestinationSpec trail() {
            return DestinationSpec.builder("trail").partitions(1).build();
        }
    }
}
