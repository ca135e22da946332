package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Backlog;
import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.convert.ConversionServiceParameterValueMapper;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpointDiscoverer;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class HealthAndEndpointTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Toys toys = new Toys();

    private ApplicationContextRunner application() {
        return toys.application("billing", "orders")
                .withConfiguration(AutoConfigurations.of(
                        AvailabilityHealthContributorAutoConfiguration.class,
                        AvailabilityProbesAutoConfiguration.class,
                        HealthContributorAutoConfiguration.class,
                        HealthContributorRegistryAutoConfiguration.class,
                        HealthEndpointAutoConfiguration.class,
                        EndpointAutoConfiguration.class,
                        WebEndpointAutoConfiguration.class,
                        OnceMqHealthAutoConfiguration.class,
                        OnceMqEndpointAutoConfiguration.class))
                .withBean(ApplicationAvailability.class, ApplicationAvailabilityBean::new)
                .withBean("handled", Handled.class)
                .withPropertyValues(
                        "management.endpoint.health.probes.enabled=true",
                        "management.endpoints.web.exposure.include=*",
                        "oncemq.health-timeout=60s");
    }

    static class Handled {
        final List<String> bodies = new CopyOnWriteArrayList<>();

        @OnceListener(id = "billing", destination = "orders", group = "billing")
        void on(String body) {
            bodies.add(body);
        }
    }

    private static Status status(HealthEndpoint endpoint, String... path) {
        var health = path.length == 0 ? endpoint.health() : endpoint.healthForPath(path);
        assertThat(health).as("health of " + List.of(path)).isNotNull();
        return health.getStatus();
    }

    @Test
    void brokerThatIsAwayIsToldAndTheApplicationStaysAlive() {
        application().run(context -> {
            AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
            HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
            assertThat(status(endpoint, "oncemq")).isEqualTo(Status.UP);
            toys.broker().away(true);
            assertThat(status(endpoint, "oncemq", "default", "broker")).isEqualTo(Status.DOWN);
            assertThat(status(endpoint, "oncemq", "default", "store")).isEqualTo(Status.UP);
            assertThat(status(endpoint)).isEqualTo(Status.DOWN);
            assertThat(status(endpoint, "liveness")).isEqualTo(Status.UP);
            assertThat(status(endpoint, "readiness")).isEqualTo(Status.UP);
            toys.broker().away(false);
            assertThat(status(endpoint, "oncemq")).isEqualTo(Status.UP);
        });
    }

    @Test
    void healthCanBeSwitchedOff() {
        application()
                .withPropertyValues("management.health.oncemq.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("oncemqHealthContributor"));
    }

    @Test
    void endpointTellsPausesAndResumes() {
        application().run(context -> {
            OnceMqEndpoint endpoint = context.getBean(OnceMqEndpoint.class);
            Handled handled = context.getBean(Handled.class);
            Publisher<String> publisher = context.getBean(MessagingClient.class).publisher("orders", Codecs.string());
            publisher.publish(OutboundMessage.of("a").id("1")).join();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(handled.bodies).containsExactly("a"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(endpoint.one("billing"))
                            .isEqualTo(new OnceMqEndpoint.Description(
                                    "RUNNING",
                                    "orders",
                                    "billing",
                                    0,
                                    0,
                                    0L,
                                    List.of(new Backlog("orders", 1, 0)),
                                    null,
                                    null)));
            assertThat(endpoint.change("billing", OnceMqEndpoint.Action.PAUSE).state())
                    .isEqualTo("PAUSED");
            publisher.publish(OutboundMessage.of("b").id("2")).join();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(endpoint.one("billing").waiting()).isEqualTo(1));
            assertThat(handled.bodies).containsExactly("a");
            endpoint.change("billing", OnceMqEndpoint.Action.RESUME);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(handled.bodies).containsExactly("a", "b"));
            assertThat(endpoint.all().get("listeners")).containsOnlyKeys("billing");
            assertThat(endpoint.one("nobody")).isNull();
            assertThat(endpoint.change("nobody", OnceMqEndpoint.Action.PAUSE)).isNull();
            OnceMqWebEndpoint web = context.getBean(OnceMqWebEndpoint.class);
            assertThat(web.change("nobody", OnceMqEndpoint.Action.PAUSE).getStatus())
                    .isEqualTo(404);
            assertThat(web.change("billing", OnceMqEndpoint.Action.PAUSE)
                            .getBody()
                            .state())
                    .isEqualTo("PAUSED");
        });
    }

    @Test
    void webFindsTheOperationsAndTheirArguments() {
        application().run(context -> {
            WebEndpointDiscoverer web = new WebEndpointDiscoverer(
                    context,
                    new ConversionServiceParameterValueMapper(),
                    EndpointMediaTypes.DEFAULT,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of());
            WebOperation change = web.getEndpoints().stream()
                    .filter(endpoint -> endpoint.getEndpointId().toString().equals("oncemq"))
                    .flatMap(endpoint -> endpoint.getOperations().stream())
                    .filter(operation -> operation.getRequestPredicate().getHttpMethod() == WebEndpointHttpMethod.POST)
                    .findFirst()
                    .orElseThrow();
            assertThat(change.getRequestPredicate().getPath()).isEqualTo("oncemq/{id}");
            change.invoke(new InvocationContext(SecurityContext.NONE, Map.of("id", "billing", "action", "pause")));
            assertThat(context.getBean(OnceListeners.class)
                            .subscription("billing")
                            .orElseThrow()
                            .state())
                    .isEqualTo(Subscription.State.PAUSED);
        });
    }

    @Test
    void endpointIsThereOnlyWhereItIsExposed() {
        application()
                .withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context).doesNotHaveBean(OnceMqEndpoint.class));
    }
}
