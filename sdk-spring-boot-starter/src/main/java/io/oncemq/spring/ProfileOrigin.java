package io.oncemq.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.SystemPropertyUtils;

/**
 * Where the profile of a client was chosen. Values that a platform, a start script or an operator injects count as outside: environment
 * variables under any name, also imported by {@code env:}, files of a {@code configtree:}, system properties, {@code
 * SPRING_APPLICATION_JSON} and the command line. Configuration files are the application's own, also those beside its jar: a user who
 * can write them can replace the application.
 */
final class ProfileOrigin {
    private static final String PLACEHOLDER = SystemPropertyUtils.PLACEHOLDER_PREFIX;
    private static final String JSON = "spring.application.json";

    private ProfileOrigin() {}

    /** What chose it outside of the application, such as "an environment variable"; else null. */
    static @Nullable String outside(Environment environment, String prefix) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix + "profile");
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (found != null) {
                String outside = told(source.getUnderlyingSource(), found.getOrigin());
                return outside == null && String.valueOf(found.getValue()).contains(PLACEHOLDER)
                        ? "the placeholder " + found.getValue() + ", whose value may come from outside"
                        : outside;
            }
        }
        return null;
    }

    private static @Nullable String told(@Nullable Object source, @Nullable Origin origin) {
        if (source instanceof ConfigTreePropertySource) {
            return "a configtree: import";
        }
        // Files and the class path have resources of other kinds.
        Origin inner =
                origin instanceof PropertySourceOrigin outer && outer.getOrigin() != null ? outer.getOrigin() : origin;
        if (inner instanceof TextResourceOrigin text && text.getResource() instanceof ByteArrayResource) {
            return "an env: import";
        }
        String name = source instanceof PropertySource<?> known ? known.getName() : "";
        return switch (name) {
            case StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME -> "an environment variable";
            case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME -> "a system property";
            case JSON -> "SPRING_APPLICATION_JSON";
            case CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME -> "the command line";
            default -> null;
        };
    }
}
