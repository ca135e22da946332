package io.oncemq.testkit.server;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A test that runs where a {@link RabbitServer} can be had, and is skipped elsewhere with the reason, which begins with "no RabbitMQ".
 */
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsRabbit.Condition.class)
public @interface NeedsRabbit {

    /** Whether a container does not do. */
    boolean asProcess() default false;

    /** Asks {@link RabbitServer#obstacle}. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            boolean asProcess = AnnotationSupport.findAnnotation(context.getElement(), NeedsRabbit.class)
                    .map(NeedsRabbit::asProcess)
                    .orElse(false);
            return (asProcess ? RabbitInstallation.obstacle() : RabbitServer.obstacle())
                    .map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("RabbitMQ can be had"));
        }
    }
}
