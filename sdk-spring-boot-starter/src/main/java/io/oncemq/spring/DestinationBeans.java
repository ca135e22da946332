package io.oncemq.spring;

import io.oncemq.DestinationSpec;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** The application's {@link DestinationSpec} beans by the client that ensures them: the one that {@code @Qualifier} names, else the default client. */
class DestinationBeans {
    private final ConfigurableListableBeanFactory beans;
    private final Collection<String> named;

    /** @param named clients */
    DestinationBeans(ConfigurableListableBeanFactory beans, Collection<String> named) {
        this.beans = beans;
        this.named = named;
    }

    List<DestinationSpec> of(String client) {
        return Stream.of(beans.getBeanNamesForType(DestinationSpec.class))
                .filter(bean -> client(bean).equals(client))
                .map(bean -> beans.getBean(bean, DestinationSpec.class))
                .toList();
    }

    private String client(String bean) {
        Qualifier qualifier = beans.findAnnotationOnBean(bean, Qualifier.class);
        return qualifier != null && named.contains(qualifier.value()) ? qualifier.value() : ClientNames.DEFAULT;
    }
}
