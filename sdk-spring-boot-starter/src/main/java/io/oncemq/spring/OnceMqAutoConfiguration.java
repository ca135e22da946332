package io.oncemq.spring;

import io.oncemq.MessageInterceptor;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.MessagingEventListener;
import io.oncemq.Publisher;
import java.time.Duration;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/** Clients, listeners and publishers of OnceMQ from {@code oncemq.*}. Each bean gives way to one that the application declares. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.activemq.autoconfigure.ActiveMQAutoConfiguration",
            "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration",
            "org.springframework.boot.artemis.autoconfigure.ArtemisAutoConfiguration",
            "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
            "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
            "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration"
        })
@ConditionalOnBooleanProperty(name = "oncemq.enabled", matchIfMissing = true)
@EnableConfigurationProperties(OnceMqProperties.class)
@Import({
    FoundConnections.OfKafka.class,
    FoundConnections.OfRabbit.class,
    FoundConnections.OfArtemis.class,
    FoundConnections.OfActiveMq.class,
    FoundConnections.OfRedis.class
})
public final class OnceMqAutoConfiguration {
    @Bean
    static ClientRegistrar oncemqClientRegistrar(Environment environment) {
        return new ClientRegistrar(environment);
    }

    @Bean
    ClientFactory oncemqClientFactory(
            OnceMqProperties properties,
            Environment environment,
            ObjectProvider<OnceMqConnectionDetails> details,
            ObjectProvider<FoundBroker> brokers,
            ObjectProvider<FoundStore> stores,
            ObjectProvider<MessagingEventListener> listeners,
            ObjectProvider<MessageInterceptor> observers,
            ObjectProvider<MessagingClientCustomizer> customizers,
            DestinationBeans destinations,
            StopBudget budget) {
        ClientConnections connections = new ClientConnections(
                details,
                brokers.orderedStream().toList(),
                stores.orderedStream().toList(),
                new TlsSettings(environment));
        return new ClientFactory(
                properties, environment, connections, listeners, observers, customizers, destinations, budget);
    }

    @Bean
    static DestinationBeans oncemqDestinationBeans(ConfigurableListableBeanFactory beans, Environment environment) {
        return new DestinationBeans(beans, ClientRegistrar.names(environment));
    }

    /** For an application that builds its default client itself: with all properties below {@code oncemq}, a new one for each injection. */
    @Bean
    @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
    @ConditionalOnMissingBean
    MessagingClientBuilder messagingClientBuilder(ClientFactory factory) {
        return factory.defaultBuilder();
    }

    @Bean
    OwnClientDestinations oncemqOwnClientDestinations(
            Clients clients, ClientFactory factory, DestinationBeans destinations) {
        return new OwnClientDestinations(clients, factory, destinations);
    }

    @Bean
    UnusedDetails oncemqUnusedDetails(Clients clients, ClientFactory factory) {
        return new UnusedDetails(clients, factory);
    }

    @Bean(name = ClientNames.DEFAULT_BEAN, destroyMethod = "")
    @ConditionalOnMissingBean
    @Conditional(OnDefaultClient.class)
    MessagingClient messagingClient(ClientFactory factory) {
        return factory.defaultClient();
    }

    @Bean
    Clients oncemqClients(ConfigurableListableBeanFactory beans, OnceMqProperties properties) {
        return new Clients(beans, properties);
    }

    @Bean
    @ConditionalOnMissingBean
    CodecResolver oncemqCodecResolver(ConfigurableListableBeanFactory beans, ObjectProvider<JsonMapper> mapper) {
        return new BodyCodecs(beans, mapper);
    }

    @Bean(name = OncePublishers.BEAN)
    OncePublishers oncePublishers(
            Clients clients,
            CodecResolver codecs,
            OnceMqProperties properties,
            Environment environment,
            ConfigurableListableBeanFactory beans) {
        return new OncePublishers(clients, codecs, properties, environment, beans);
    }

    @Bean(name = OncePublisher.BEAN, destroyMethod = "", defaultCandidate = false)
    @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
    Publisher<?> oncePublisher(InjectionPoint point, OncePublishers publishers) {
        return publishers.at(point);
    }

    @Bean(name = ListenerLifecycle.BEAN)
    ListenerLifecycle onceListeners(
            ConfigurableListableBeanFactory beans,
            Environment environment,
            OnceMqProperties properties,
            CodecResolver codecs,
            Clients clients,
            ObjectProvider<SubscriptionCustomizer> customizers,
            StopBudget budget) {
        return new ListenerLifecycle(
                new ListenerFinder(beans, environment, properties, codecs), clients, customizers, budget);
    }

    @Bean
    StopBudget oncemqStopBudget(OnceMqProperties properties, Environment environment) {
        Duration phase = Binder.get(environment)
                .bind(StopBudget.PHASE_TIMEOUT, Duration.class)
                .orElse(Duration.ofSeconds(30));
        return new StopBudget(properties.getShutdownDeadline(), phase, System::nanoTime);
    }
}
