package io.oncemq.jms;

import static java.util.Locale.ROOT;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names of headers as JMS wants names of properties: Java identifiers, none of them a word of its selectors or of its own. A hyphen is
 * written as {@code _HYPHEN_} and a full stop as {@code _DOT_}, as Camel writes them; a name that does not come back from that is none.
 */
final class PropertyNames {
    private static final String HYPHEN = "_HYPHEN_";
    private static final String DOT = "_DOT_";
    /** What Classic's scheduler leaves on a message. */
    private static final String SCHEDULED = "scheduledJobId";

    private static final Set<String> WORDS =
            Set.of("NULL", "TRUE", "FALSE", "NOT", "AND", "OR", "BETWEEN", "LIKE", "IN", "IS", "ESCAPE");

    private PropertyNames() {}

    /** The property that stands for a header; null if none can. */
    static @Nullable String property(String header) {
        StringBuilder name = new StringBuilder(header.length() + HYPHEN.length());
        for (int i = 0; i < header.length(); i++) {
            char each = header.charAt(i);
            if (each == '-') {
                name.append(HYPHEN);
            } else if (each == '.') {
                name.append(DOT);
            } else if (isPlain(each)) {
                name.append(each);
            } else {
                return null;
            }
        }
        String property = name.toString();
        return isFree(property) && header(property).equals(header) ? property : null;
    }

    /** The header that a property stands for. */
    static String header(String property) {
        return property.indexOf('_') < 0
                ? property
                : property.replace(HYPHEN, "-").replace(DOT, ".");
    }

    /** Whether it is an application's, and not JMS's or the broker's. */
    static boolean isFree(String property) {
        return !property.isEmpty()
                && !Character.isDigit(property.charAt(0))
                && !property.startsWith("JMS")
                && !property.startsWith("_AMQ")
                && !property.startsWith("AMQ_")
                && !property.equals(SCHEDULED)
                && !property.startsWith("__")
                && !WORDS.contains(property.toUpperCase(ROOT));
    }

    private static boolean isPlain(char each) {
        return each >= 'a' && each <= 'z' || each >= 'A' && each <= 'Z' || each >= '0' && each <= '9' || each == '_';
    }
}
