package io.oncemq.testkit.spring;

import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.Server;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Names shared servers to a context before it is refreshed. Equal for equal servers, so that Spring shares contexts between test classes.
 */
record OnceMqTestCustomizer(TestBroker broker, TestStore store) implements ContextCustomizer {
    private static final String KAFKA_LOGGER = "org.apache.kafka";

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        ConfigurableEnvironment environment = context.getEnvironment();
        Map<String, Object> properties = new LinkedHashMap<>();
        StartedBroker kind = StartedBroker.of(broker, environment);
        if (kind != null) {
            Server server = SharedServers.of(kind.type(), kind::start);
            kind.name(server, properties);
            register(context, server);
        }
        if (startsRedis(environment)) {
            RedisServer redis = SharedServers.of(RedisServer.class, RedisServer::started);
            properties.put("oncemq.idempotency", redis.uri());
            register(context, redis);
        }
        properties.put("oncemq.profile", "DEV");
        environment.getPropertySources().addFirst(new MapPropertySource("oncemqTest", properties));
        if (!environment.containsProperty("logging.level." + KAFKA_LOGGER)) {
            LoggingSystem.get(OnceMqTest.class.getClassLoader()).setLogLevel(KAFKA_LOGGER, LogLevel.WARN);
        }
        OpenContexts.add(context);
    }

    private boolean startsRedis(ConfigurableEnvironment environment) {
        return switch (store) {
            case REDIS -> true;
            case NONE -> false;
            case AUTO -> !environment.getProperty("oncemq.without-idempotency", Boolean.class, false);
        };
    }

    /** Without a destroy method: the server outlives the context. */
    private static void register(ConfigurableApplicationContext context, Server server) {
        context.getBeanFactory().registerSingleton(server.getClass().getName(), server);
    }
}
