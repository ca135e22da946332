package io.oncemq.rocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ROOT;

import io.oncemq.ConfigurationException;
import java.io.ByteArrayOutputStream;

/**
 * Destinations as topics. RocketMQ takes letters, digits, {@code _}, {@code -}, {@code |} and {@code %} only; every other byte of the
 * UTF-8 text, and {@code %} itself, is written as {@code %} and two hexadecimal digits, so {@code orders.billing.dlq} is the topic
 * {@code orders%2Ebilling%2Edlq}.
 *
 * <p>In a namespace a topic is {@code namespace%topic}, as RocketMQ's own clients write it, and a group alike. There a name that begins with
 * two hexadecimal digits has its first one written as a byte, so that it is never also a name outside of the namespace.
 */
final class RocketNames {
    private static final int LONGEST_TOPIC = 127;
    private static final int LONGEST_GROUP = 120;
    private static final String DIGITS = "0123456789ABCDEF";

    private RocketNames() {}

    /** In no namespace. */
    static String topic(String destination) {
        return topic("", destination);
    }

    /**
     * @param namespace empty for none
     * @throws ConfigurationException if it is longer than RocketMQ takes
     */
    static String topic(String namespace, String destination) {
        return checked("destination", namespace, destination, "topic", LONGEST_TOPIC);
    }

    /** A group is written as a topic is. @throws ConfigurationException if it is longer than RocketMQ takes */
    static String group(String namespace, String group) {
        return checked("group", namespace, group, "consumer group", LONGEST_GROUP);
    }

    private static String checked(String property, String namespace, String name, String what, int longest) {
        String written = namespace.isEmpty() ? written(name) : namespace + "%" + inNamespace(written(name));
        if (written.length() > longest) {
            throw new ConfigurationException(
                    property,
                    name,
                    "is the " + what + " " + written + ", which has more than " + longest + " characters",
                    "Choose a shorter name");
        }
        return written;
    }

    private static String inNamespace(String written) {
        boolean ambiguous = written.length() > 1
                && DIGITS.indexOf(written.charAt(0)) >= 0
                && DIGITS.indexOf(written.charAt(1)) >= 0;
        return ambiguous
                ? "%" + Integer.toHexString(written.charAt(0)).toUpperCase(ROOT) + written.substring(1)
                : written;
    }

    private static String written(String name) {
        StringBuilder written = new StringBuilder(name.length() + 8);
        for (byte each : name.getBytes(UTF_8)) {
            if (isPlain(each)) {
                written.append((char) each);
            } else {
                written.append('%').append(DIGITS.charAt(each >> 4 & 0xF)).append(DIGITS.charAt(each & 0xF));
            }
        }
        return written.toString();
    }

    /** The destination of a topic in a namespace. */
    static String destination(String namespace, String topic) {
        String prefix = namespace + "%";
        return destination(!namespace.isEmpty() && topic.startsWith(prefix) ? topic.substring(prefix.length()) : topic);
    }

    /** The destination of a topic; another program's topic that could not come from {@link #topic} stands for itself. */
    static String destination(String topic) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(topic.length());
        int last = topic.length() - 1;
        for (int i = 0; i <= last; i++) {
            char each = topic.charAt(i);
            if (each != '%') {
                bytes.write(each);
                continue;
            }
            int high = i + 2 <= last ? DIGITS.indexOf(topic.charAt(i + 1)) : -1;
            int low = i + 2 <= last ? DIGITS.indexOf(topic.charAt(i + 2)) : -1;
            if (high < 0 || low < 0) {
                return topic;
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        return bytes.toString(UTF_8);
    }

    private static boolean isPlain(byte each) {
        return each >= 'a' && each <= 'z'
                || each >= 'A' && each <= 'Z'
                || each >= '0' && each <= '9'
                || each == '_'
                || each == '-';
    }
}
