package io.oncemq;

import java.util.Locale;

/**
 * How much a client demands of the settings of its broker and its store. It is chosen in code only: no environment variable
 * or system property can weaken it from outside a program.
 */
public enum Profile {
    /** The default: settings under which a confirmed message or a remembered id could be lost are refused. */
    DURABLE,
    /** For development and tests on single servers: the same settings are warned of, once, and accepted. */
    DEV;

    /**
     * The profile of a name from the application's own configuration, in upper or lower case.
     *
     * @throws ConfigurationException if no profile has this name
     */
    public static Profile of(String name) {
        for (Profile profile : values()) {
            if (profile.name().equals(name.strip().toUpperCase(Locale.ROOT))) {
                return profile;
            }
        }
        throw new ConfigurationException("profile", "'" + name + "'", "is not a profile", "Use DURABLE or DEV");
    }
}
