package io.oncemq.testkit.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Finds {@link OnceMqTest} at a test class, a class around it or one above it. */
final class OnceMqTestCustomizerFactory implements ContextCustomizerFactory {
    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
        OnceMqTest found = TestContextAnnotationUtils.findMergedAnnotation(testClass, OnceMqTest.class);
        return found == null ? null : new OnceMqTestCustomizer(found.broker(), found.store());
    }
}
