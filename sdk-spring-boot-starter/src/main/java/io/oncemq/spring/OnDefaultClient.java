package io.oncemq.spring;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** There is a default client unless only named ones are configured. */
class OnDefaultClient extends SpringBootCondition {
    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("default messaging client");
        List<String> named = ClientRegistrar.names(context.getEnvironment());
        if (named.isEmpty()) {
            return ConditionOutcome.match(message.because("there are no named clients"));
        }
        Binder binder = Binder.get(context.getEnvironment());
        boolean configured = Stream.concat(
                        Stream.of("oncemq.transport"),
                        Stream.of(BrokerKind.values()).map(kind -> kind.property("oncemq.")))
                .anyMatch(name -> binder.bind(name, Bindable.of(Object.class)).isBound());
        return configured
                ? ConditionOutcome.match(message.because("its broker is configured"))
                : ConditionOutcome.noMatch(message.because("only named clients are configured: " + named));
    }
}
