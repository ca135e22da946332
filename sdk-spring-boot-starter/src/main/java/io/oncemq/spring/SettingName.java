package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.PreflightException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Tells refusals of the library by the names that the user of this module has written. */
final class SettingName {
    private static final String SPEC = "DestinationSpec.";

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

    /** @param property of the destination, below which its settings have names of their own */
    static void ofDestination(String property, Runnable ensure) {
        try {
            ensure.run();
        } catch (PreflightException e) {
            throw e;
        } catch (ConfigurationException e) {
            throw renamed(property + part(e.property()), e, e.remedy());
        }
    }

    /** What {@code DestinationSpec} calls a part of itself, as a property calls it. */
    private static String part(String name) {
        if (!name.startsWith(SPEC)) {
            return "";
        }
        String part = name.substring(SPEC.length());
        int detail = part.indexOf('(');
        return switch (detail < 0 ? part : part.substring(0, detail)) {
            case "name" -> "";
            case "group" -> ".groups";
            case "setting" -> ".settings." + part.substring(detail + 1, part.length() - 1);
            default -> "." + part;
        };
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

    /** A size that the library counts in an int. */
    static int bytes(String property, DataSize size) {
        long bytes = size.toBytes();
        if (bytes > Integer.MAX_VALUE) {
            throw new ConfigurationException(property, size, "is above 2047MB", "Use for example 16MB");
        }
        if (bytes < 0) {
            throw new ConfigurationException(property, size, "is below 0", "Use for example 16MB");
        }
        return Math.toIntExact(bytes);
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
