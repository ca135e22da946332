package io.oncemq.spring;

import io.oncemq.DestinationSpec;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** The application's {@link DestinationSpec} beans by the client that ensures them: the one that {@code @Qualifier} names, else the default client. */
class DestinationBeans {
    private final ConfigurableListableBeanFactory beans;
    private final Collection<String> named;

    /** @param named clients */
    DestinationBeans(ConfigurableListableBeanFactory beans, Collection<String> named) {
        this.beans = beans;
        this.named = named;
    }

    /** In the order that {@link Order} or their registration says; those without come last. */
    List<DestinationSpec> of(String client) {
        return Stream.of(beans.getBeanNamesForType(DestinationSpec.class))
                .filter(bean -> client(bean).equals(client))
                .sorted(Comparator.comparingInt(this::order))
                .map(bean -> beans.getBean(bean, DestinationSpec.class))
                .toList();
    }

    private int order(String bean) {
        Object registered = beans.containsBeanDefinition(bean)
                ? beans.getMergedBeanDefinition(bean).getAttribute(AbstractBeanDefinition.ORDER_ATTRIBUTE)
                : null;
        if (registered instanceof Integer order) {
            return order;
        }
        Order order = beans.findAnnotationOnBean(bean, Order.class);
        return order == null ? Ordered.LOWEST_PRECEDENCE : order.value();
    }

    private String client(String bean) {
        Qualifier qualifier = beans.findAnnotationOnBean(bean, Qualifier.class);
        return qualifier != null && named.contains(qualifier.value()) ? qualifier.value() : ClientNames.DEFAULT;
    }
}
