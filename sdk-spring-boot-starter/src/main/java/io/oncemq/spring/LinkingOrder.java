package io.oncemq.spring;

import io.oncemq.micrometer.LinkingProcessHandler;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.core.annotation.Order;

/** Puts a bean that links attempts before Boot's own handler for receivers, which would take them first; an order of its own stays. */
final class LinkingOrder implements BeanFactoryPostProcessor {
    /** Boot's handler for receivers has 1000. */
    private static final int BEFORE_RECEIVERS = 900;

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        for (String name : beans.getBeanNamesForType(LinkingProcessHandler.class, true, false)) {
            if (!beans.containsBeanDefinition(name) || beans.findAnnotationOnBean(name, Order.class) != null) {
                continue;
            }
            BeanDefinition definition = beans.getBeanDefinition(name);
            if (!definition.hasAttribute(AbstractBeanDefinition.ORDER_ATTRIBUTE)) {
                definition.setAttribute(AbstractBeanDefinition.ORDER_ATTRIBUTE, BEFORE_RECEIVERS);
            }
        }
    }
}
