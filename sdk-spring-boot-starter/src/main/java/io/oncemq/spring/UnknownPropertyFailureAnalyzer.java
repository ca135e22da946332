package io.oncemq.spring;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says where an unknown property below {@code oncemq} stands, and which one is probably meant; before Boot's own analysis. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {
    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("oncemq");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        if (cause.getUnboundProperties().stream().anyMatch(property -> !OURS.isAncestorOf(property.getName()))) {
            return null;
        }
        String unknown = cause.getUnboundProperties().stream()
                .map(UnknownPropertyFailureAnalyzer::described)
                .collect(Collectors.joining("\n  - ", "OnceMQ does not know these properties:\n  - ", ""));
        return new FailureAnalysis(
                unknown, "Correct or remove them. docs/configuration.md lists all properties.", cause);
    }

    private static String described(ConfigurationProperty property) {
        String near = PropertyNames.near(property.getName());
        return property.getName()
                + (property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")")
                + (near == null ? "" : ": did you mean " + near + "?");
    }
}
