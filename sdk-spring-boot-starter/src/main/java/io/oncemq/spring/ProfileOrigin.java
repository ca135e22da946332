package io.oncemq.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Where the profile of a client was chosen. */
final class ProfileOrigin {
    private ProfileOrigin() {}

    /** "an environment variable" or "a system property" if one of them chose it, else null. */
    static @Nullable String outside(Environment environment, String prefix) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix + "profile");
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.getConfigurationProperty(name) != null) {
                return told(source.getUnderlyingSource());
            }
        }
        return null;
    }

    private static @Nullable String told(@Nullable Object source) {
        String name = source instanceof PropertySource<?> known ? known.getName() : "";
        return switch (name) {
            case StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME -> "an environment variable";
            case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME -> "a system property";
            default -> null;
        };
    }
}
