package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Names below {@code oncemq.clients}, {@code .destinations} and {@code .listeners}, each once. Spring Boot reads {@code audit-log} of a file and
 * {@code AUDITLOG} of an environment variable as one property, but as two keys of a map, both with all values.
 */
final class Spellings {
    private Spellings() {}

    /** The name that only a variable can have spelled, without dashes and in lower case, gives way to the other one. */
    static <V> Map<String, V> once(Map<String, V> given, String property) {
        Map<String, List<String>> spellings = new LinkedHashMap<>();
        given.keySet()
                .forEach(name -> spellings
                        .computeIfAbsent(uniform(name), same -> new ArrayList<>())
                        .add(name));
        Map<String, V> once = new LinkedHashMap<>();
        spellings.forEach((uniform, names) -> {
            List<String> written = names.size() == 1
                    ? names
                    : names.stream().filter(name -> !name.equals(uniform)).toList();
            if (written.size() != 1) {
                throw new ConfigurationException(
                        property, String.join(", ", written), "are one name to Spring Boot", "Write it in one way");
            }
            once.put(written.get(0), given.get(written.get(0)));
        });
        return once;
    }

    private static String uniform(String name) {
        StringBuilder letters = new StringBuilder();
        name.toLowerCase(Locale.ROOT).chars().filter(Character::isLetterOrDigit).forEach(letters::appendCodePoint);
        return letters.toString();
    }
}
