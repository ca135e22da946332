package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.MessagingClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;

/** The clients of the application by the names that they have in properties. */
class Clients {
    private final ConfigurableListableBeanFactory beans;
    private final OnceMqProperties properties;

    Clients(ConfigurableListableBeanFactory beans, OnceMqProperties properties) {
        this.beans = beans;
        this.properties = properties;
    }

    /**
     * @param property that names the client
     * @param dependent the bean that uses it, and ends before it
     * @throws ConfigurationException if there is no such client
     */
    MessagingClient get(String name, String property, String dependent) {
        String bean = name.isEmpty() ? defaultBean() : knownBean(name);
        if (bean == null) {
            throw name.isEmpty()
                    ? new ConfigurationException(
                            property,
                            "(the default client)",
                            "only named clients exist: " + names(),
                            "Name one of them, or set oncemq.transport")
                    : new ConfigurationException(
                            property,
                            name,
                            "is not a client",
                            "Set oncemq.clients." + name + ".transport, or use one of " + names());
        }
        beans.registerDependentBean(bean, dependent);
        return beans.getBean(bean, MessagingClient.class);
    }

    /** All of them, the default client first, as "default". */
    Map<String, MessagingClient> all() {
        Map<String, MessagingClient> all = new LinkedHashMap<>();
        String standard = defaultBean();
        if (standard != null) {
            all.put("default", beans.getBean(standard, MessagingClient.class));
        }
        names().forEach(name -> all.put(name, beans.getBean(ClientNames.bean(name), MessagingClient.class)));
        return all;
    }

    /** Whether there is a default client, here or in a parent context. */
    boolean hasDefault() {
        return defaultBean() != null;
    }

    private TreeSet<String> names() {
        return new TreeSet<>(properties.getClients().keySet());
    }

    private @Nullable String knownBean(String name) {
        return properties.getClients().containsKey(name) ? ClientNames.bean(name) : null;
    }

    /** Ours, or one that the application declares. */
    private @Nullable String defaultBean() {
        List<String> named = names().stream().map(ClientNames::bean).toList();
        List<String> others = Stream.of(beans.getBeanNamesForType(MessagingClient.class))
                .filter(bean -> !named.contains(bean) && isCandidate(bean))
                .toList();
        if (others.size() < 2) {
            others.forEach(this::refuseSilentReplacement);
            return others.isEmpty() ? ofParent() : others.get(0);
        }
        return others.stream()
                .filter(bean -> beans.containsBeanDefinition(bean)
                        && beans.getBeanDefinition(bean).isPrimary())
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        "MessagingClient beans",
                        others,
                        "none of them is the default client",
                        "Mark one with @Primary"));
    }

    /** Its beans are found by name from here. */
    private @Nullable String ofParent() {
        return beans.getParentBeanFactory() instanceof ConfigurableListableBeanFactory parent
                ? new Clients(parent, properties).defaultBean()
                : null;
    }

    private boolean isCandidate(String bean) {
        return !beans.containsBeanDefinition(bean)
                || !(beans.getBeanDefinition(bean) instanceof AbstractBeanDefinition definition)
                || definition.isDefaultCandidate();
    }

    /** A bean that the application declares for another purpose would otherwise take the place of the client that is configured. */
    private void refuseSilentReplacement(String bean) {
        String transport = properties.getTransport();
        if (transport != null
                && !bean.equals(ClientNames.DEFAULT_BEAN)
                && !(beans.containsBeanDefinition(bean)
                        && beans.getBeanDefinition(bean).isPrimary())) {
            throw new ConfigurationException(
                    "oncemq.transport",
                    transport,
                    "is set, and the MessagingClient bean '" + bean
                            + "' takes the place of the client that it describes",
                    "Declare that bean with @Bean(defaultCandidate = false) to have both, mark it with @Primary if it is the default client,"
                            + " or configure it below oncemq.clients");
        }
    }
}
