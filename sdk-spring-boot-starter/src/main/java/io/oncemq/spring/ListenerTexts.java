package io.oncemq.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.env.Environment;

/** Texts of annotations, with placeholders ({@code ${…}}) and expressions ({@code #{…}}) as Spring's own have them. */
final class ListenerTexts {
    private final ConfigurableListableBeanFactory beans;
    private final Environment environment;

    ListenerTexts(ConfigurableListableBeanFactory beans, Environment environment) {
        this.beans = beans;
        this.environment = environment;
    }

    /**
     * Empty where an expression gives null.
     *
     * @throws IllegalArgumentException if nothing sets a placeholder
     * @throws org.springframework.beans.factory.BeanExpressionException if an expression cannot be evaluated
     */
    String resolve(String text) {
        String filled = environment.resolveRequiredPlaceholders(text);
        BeanExpressionResolver expressions = beans.getBeanExpressionResolver();
        if (expressions == null || !filled.contains("#{")) {
            return filled;
        }
        Object value = expressions.evaluate(filled, new BeanExpressionContext(beans, null));
        return value == null ? "" : value.toString();
    }

    /** What turns texts into values: the application's, or Boot's. */
    ConversionService conversion() {
        @Nullable ConversionService own = beans.getConversionService();
        return own == null ? ApplicationConversionService.getSharedInstance() : own;
    }
}
