package io.oncemq.spring;

import io.oncemq.Codec;
import io.oncemq.ConfigurationException;
import io.oncemq.MessagingClient;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Makes the publisher of each injection point, one for each client, destination and type. */
class OncePublishers {
    static final String BEAN = "oncePublishers";

    /** What tells publishers apart. */
    private record Key(String client, String destination, Type body) {}

    private final Clients clients;
    private final CodecResolver codecs;
    private final OnceMqProperties properties;
    private final Environment environment;
    private final ListableBeanFactory beans;
    private final Map<Key, Publisher<?>> publishers = new ConcurrentHashMap<>();

    OncePublishers(
            Clients clients,
            CodecResolver codecs,
            OnceMqProperties properties,
            Environment environment,
            ListableBeanFactory beans) {
        this.clients = clients;
        this.codecs = codecs;
        this.properties = properties;
        this.environment = environment;
        this.beans = beans;
    }

    /** @throws ConfigurationException if the injection point does not say what is published where */
    Publisher<?> at(InjectionPoint point) {
        OncePublisher annotation = point.getAnnotation(OncePublisher.class);
        if (annotation == null || !(point instanceof DependencyDescriptor descriptor)) {
            throw new ConfigurationException(
                    "@OncePublisher", "(none)", "is missing at " + point.getMember(), "Name the destination with it");
        }
        ResolvableType body = descriptor.getResolvableType().as(Publisher.class).getGeneric(0);
        String destination = environment.resolveRequiredPlaceholders(annotation.value());
        String client = environment.resolveRequiredPlaceholders(annotation.client());
        String place = point.getMember().getDeclaringClass().getSimpleName();
        if (body.resolve() == null) {
            throw new ConfigurationException(
                    "@OncePublisher(\"" + destination + "\") in " + place,
                    descriptor.getResolvableType(),
                    "does not name the type of the body",
                    "Write Publisher<Body> with the type of the body");
        }
        return publishers.computeIfAbsent(
                new Key(client, destination, body.getType()), key -> open(client, destination, body, place));
    }

    private Publisher<?> open(String client, String destination, ResolvableType body, String place) {
        MessagingClient opener = clients.get(client, "client of @OncePublisher in " + place, BEAN);
        Codec<?> codec = codecs.resolve(body);
        PublisherOptions options = options(client);
        return SettingName.named(
                "@OncePublisher(\"" + destination + "\") in " + place,
                () -> opener.publisher(destination, codec, options));
    }

    private PublisherOptions options(String client) {
        ClientProperties own =
                client.isEmpty() ? properties : properties.getClients().getOrDefault(client, properties);
        PublisherProperties publisher = own.getPublisher();
        String prefix = ClientNames.prefix(client) + "publisher.";
        PublisherOptions.Builder options = PublisherOptions.builder();
        Integer messages = publisher.getMaxInFlight();
        if (messages != null) {
            SettingName.named(prefix + "max-in-flight", () -> options.maxInFlight(messages));
        }
        DataSize bytes = publisher.getMaxInFlightBytes();
        if (bytes != null) {
            SettingName.named(prefix + "max-in-flight-bytes", () -> options.maxInFlightBytes(bytes.toBytes()));
        }
        Duration deadline = publisher.getDeadline();
        if (deadline != null) {
            SettingName.named(prefix + "deadline", () -> options.deadline(deadline));
        }
        String executor = publisher.getCompleteOn();
        if (executor != null) {
            options.completeOn(executor(prefix + "complete-on", executor));
        }
        return options.build();
    }

    private Executor executor(String property, String bean) {
        try {
            return beans.getBean(bean, Executor.class);
        } catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException e) {
            throw new ConfigurationException(
                    property,
                    bean,
                    "is not the name of an Executor bean",
                    "Name one of: " + String.join(", ", beans.getBeanNamesForType(Executor.class, true, false)));
        }
    }
}
