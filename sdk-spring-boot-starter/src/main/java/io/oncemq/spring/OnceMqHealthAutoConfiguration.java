package io.oncemq.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/**
 * The health of brokers, stores and listeners. It belongs to neither the liveness nor the readiness group: an application that is
 * started again, or gets no requests, does not bring a broker back.
 */
@AutoConfiguration(
        after = OnceMqAutoConfiguration.class,
        beforeName =
                "org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration")
@ConditionalOnClass({HealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(Clients.class)
@ConditionalOnEnabledHealthIndicator("oncemq")
public final class OnceMqHealthAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(name = "oncemqHealthContributor")
    CompositeHealthContributor oncemqHealthContributor(
            Clients clients, OnceListeners listeners, OnceMqProperties properties) {
        Duration timeout = properties.getHealthTimeout();
        StartupHealth starting = properties.getStartupHealth();
        Map<String, HealthContributor> all = new LinkedHashMap<>();
        clients.all().forEach((name, client) -> {
            Supplier<Boolean> connected = () -> client.connected().isDone();
            all.put(
                    name,
                    CompositeHealthContributor.fromMap(Map.of(
                            "broker",
                            new ServerHealth(
                                    () -> client.capabilities().system(),
                                    connected,
                                    starting,
                                    client::pingBroker,
                                    timeout),
                            "store",
                            new ServerHealth(
                                    () -> "idempotency store", connected, starting, client::pingStore, timeout))));
        });
        all.put("listeners", new ListenersHealth(listeners));
        return CompositeHealthContributor.fromMap(all);
    }
}
