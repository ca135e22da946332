package io.oncemq.spring;

import io.oncemq.MessagingClient;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Makes a bean of each client below {@code oncemq.clients}; injected with {@code @Qualifier("name")} and never without. */
final class ClientRegistrar implements BeanDefinitionRegistryPostProcessor {
    static final String FACTORY_BEAN = "oncemqClientFactory";

    private final Environment environment;

    ClientRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        for (String name : names(environment)) {
            if (registry.containsBeanDefinition(ClientNames.bean(name))) {
                continue; // made ahead of time
            }
            RootBeanDefinition definition = new RootBeanDefinition(MessagingClient.class);
            definition.setFactoryBeanName(FACTORY_BEAN);
            definition.setFactoryMethodName("client");
            definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
            definition.setDestroyMethodName(""); // by the factory, within the time of the whole stop
            definition.setDefaultCandidate(false);
            definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
            registry.registerBeanDefinition(ClientNames.bean(name), definition);
        }
    }

    static List<String> names(Environment environment) {
        Map<String, Object> clients = Binder.get(environment)
                .bind("oncemq.clients", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of());
        return List.copyOf(Spellings.once(clients, "oncemq.clients").keySet());
    }
}
