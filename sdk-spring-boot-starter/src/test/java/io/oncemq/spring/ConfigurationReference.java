package io.oncemq.spring;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes docs/configuration.md from the metadata that the compiler has generated of the properties. */
final class ConfigurationReference {
    private static final String METADATA = "/META-INF/spring-configuration-metadata.json";
    private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z]+\\.)+([A-Z])");

    private static final Pattern TLS = Pattern.compile("oncemq\\.(\\w+)\\.tls\\.(.*)");
    private static final String COLUMNS = "| property | type | default | |\n|---|---|---|---|\n";

    private static final String HEAD = """
            # Configuration reference for Spring Boot

            Every property of sdk-spring-boot-starter, generated from its metadata (`ConfigurationReferenceTest`). How to use them:
            [getting-started.md](getting-started.md). A name below `oncemq` that is not listed here fails the start, with the nearest
            known name. Spring Boot does not report unknown environment variables and system properties.

            - `oncemq.clients.NAME.` takes every property of the default client: `transport` to `without-idempotency`, `kafka.`, `rabbit.`,
              `rocket.`, `artemis.`, `activemq.`, `redis.`, `publisher.` and `destinations.`.
            - `oncemq.listeners.ID.` takes every property of `oncemq.listener.`, for one listener. It wins over the annotation, and the
              annotation over `oncemq.listener.`.
            - Times are written as `500ms`, `30s`, `5m` or `7d`, sizes as `64MB`.
            """;

    private ConfigurationReference() {}

    static String text() throws IOException {
        Map<String, StringBuilder> sections = new TreeMap<>();
        Set<String> servers = new TreeSet<>();
        Set<String> tls = new TreeSet<>();
        try (InputStream stream =
                Objects.requireNonNull(ConfigurationReference.class.getResourceAsStream(METADATA), METADATA)) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            for (JsonNode property : JsonMapper.shared().readTree(stream).get("properties")) {
                sorted.put(property.get("name").asString(), property);
            }
            sorted.forEach((name, property) -> {
                if (TLS.matcher(name).matches()) {
                    servers.add(TLS.matcher(name).replaceFirst("`$1`"));
                    tls.add(row(TLS.matcher(name).replaceFirst("oncemq.SERVER.tls.$2"), property));
                } else {
                    sections.computeIfAbsent(section(name), any -> new StringBuilder())
                            .append(row(name, property));
                }
            });
        }
        StringBuilder text = new StringBuilder(HEAD);
        sections.forEach((section, rows) -> text.append("\n## ")
                .append(section)
                .append("\n\n")
                .append(COLUMNS)
                .append(rows));
        text.append("\n## TLS\n\nSERVER is ")
                .append(String.join(", ", servers))
                .append(".\n\n")
                .append(COLUMNS);
        tls.forEach(text::append);
        return text.toString();
    }

    private static String section(String name) {
        int last = name.lastIndexOf('.');
        String prefix = name.substring(0, last);
        return prefix.endsWith(".retry") || prefix.startsWith("management")
                ? prefix.startsWith("management") ? "management" : prefix.substring(0, prefix.lastIndexOf('.'))
                : prefix;
    }

    private static String row(String name, JsonNode property) {
        return "| `" + name + "` | " + type(property.path("type").asString("")) + " | "
                + value(property.path("defaultValue")) + " | "
                + property.path("description").asString("").replace("|", "\\|").replaceAll("\\s+", " ") + " |\n";
    }

    private static String type(String type) {
        String simple = PACKAGE.matcher(type.replace('$', '.')).replaceAll("$1");
        int dot = simple.indexOf('.');
        return "`" + (dot > 0 && simple.indexOf('<') < 0 ? simple.substring(dot + 1) : simple) + "`";
    }

    private static String value(JsonNode value) {
        if (value.isMissingNode() || value.isArray()) {
            return "";
        }
        return "`" + value.asString() + "`";
    }
}
