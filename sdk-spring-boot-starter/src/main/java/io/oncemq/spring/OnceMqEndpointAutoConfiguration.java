package io.oncemq.spring;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The actuator endpoint {@code oncemq}, where endpoints are exposed. */
@AutoConfiguration(after = OnceMqAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(OnceListeners.class)
@ConditionalOnAvailableEndpoint(OnceMqEndpoint.class)
public final class OnceMqEndpointAutoConfiguration {
    @Bean
    OnceMqEndpoint oncemqEndpoint(OnceListeners listeners) {
        return new OnceMqEndpoint(listeners);
    }

    @Bean
    OnceMqWebEndpoint oncemqWebEndpoint(OnceMqEndpoint endpoint) {
        return new OnceMqWebEndpoint(endpoint);
    }
}
