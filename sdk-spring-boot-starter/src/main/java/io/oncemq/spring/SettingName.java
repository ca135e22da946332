package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.PreflightException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells refusals of the library by the names that the user of this module has written. */
final class SettingName {
    private SettingName() {}

    static void named(String property, Runnable setting) {
        named(property, () -> {
            setting.run();
            return property;
        });
    }

    static <T> T named(String property, Supplier<T> setting) {
        try {
            return setting.get();
        } catch (PreflightException e) {
            throw e;
        } catch (ConfigurationException e) {
            throw renamed(property, e, e.remedy());
        }
    }

    static ConfigurationException renamed(String property, ConfigurationException e, String remedy) {
        ConfigurationException renamed = new ConfigurationException(property, e.value(), problem(e), remedy);
        renamed.initCause(e);
        return renamed;
    }

    /** What stands between the value and the remedy. */
    static String problem(ConfigurationException e) {
        String message = String.valueOf(e.getMessage());
        String before = e.property() + " = " + e.value() + ": ";
        String behind = ". " + e.remedy();
        boolean whole = message.startsWith(before)
                && message.endsWith(behind)
                && message.length() >= before.length() + behind.length();
        return whole ? message.substring(before.length(), message.length() - behind.length()) : message;
    }

    /** One of user and password is missing. */
    static ConfigurationException incomplete(String prefix, @Nullable String user) {
        return incomplete(prefix, "username", user, "password");
    }

    /** One of two settings is missing: the first, if it has no value. */
    static ConfigurationException incomplete(String prefix, String first, @Nullable String value, String second) {
        return new ConfigurationException(
                prefix + (value == null ? first : second),
                "(none)",
                "is needed together with " + prefix + (value == null ? second : first),
                "Set both, or neither");
    }
}
