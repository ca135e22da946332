package io.oncemq;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes a group as one part, without full stops, of the name of its dead-letter destination. Every broker takes the characters used. */
final class DeadLetterNames {
    static final String END = ".dlq";

    private static final Pattern ESCAPE_LIKE = Pattern.compile("_(?=2e|5f)");

    private DeadLetterNames() {}

    static String written(String group) {
        return ESCAPE_LIKE.matcher(group).replaceAll("_5f").replace(".", "_2e");
    }

    static @Nullable String group(String destination, String deadLetters) {
        int from = destination.length() + 1;
        int to = deadLetters.length() - END.length();
        if (to <= from) {
            return null;
        }
        String group = read(deadLetters.substring(from, to));
        return deadLetters.equals(DestinationSpec.deadLetterName(destination, group)) ? group : null;
    }

    private static String read(String written) {
        StringBuilder group = new StringBuilder(written.length());
        for (int i = 0; i < written.length(); i++) {
            if (written.startsWith("_2e", i)) {
                group.append('.');
                i += 2;
            } else if (written.startsWith("_5f", i)) {
                group.append('_');
                i += 2;
            } else {
                group.append(written.charAt(i));
            }
        }
        return group.toString();
    }
}
