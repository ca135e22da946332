package io.oncemq.testkit.history;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Events as flat JSON objects, one per line. The first field is always the same, so that a reader can find a start. */
final class EventJson {
    /** How every line begins. */
    static final String START = "{\"wallMicros\":";

    private EventJson() {}

    static String write(Event event) {
        StringBuilder out = new StringBuilder(160);
        out.append(START).append(ChronoUnit.MICROS.between(Instant.EPOCH, event.wall()));
        out.append(",\"nanos\":").append(event.nanos());
        out.append(",\"process\":").append(event.process());
        text(out.append(",\"kind\":"), event.kind().text());
        text(out.append(",\"key\":"), event.key());
        text(out.append(",\"id\":"), event.id());
        out.append(",\"sequence\":").append(event.sequence());
        out.append(",\"attempt\":").append(event.attempt());
        out.append(",\"token\":").append(event.token());
        return out.append('}').toString();
    }

    /**
     * @throws IllegalArgumentException if the line is not a whole event
     */
    static Event parse(String line) {
        FlatJson json = new FlatJson(line);
        long wallMicros = 0;
        long nanos = 0;
        long process = 0;
        EventKind kind = null;
        String key = "";
        String id = "";
        long sequence = 0;
        int attempt = 0;
        Long token = null;
        for (String field = json.nextField(); field != null; field = json.nextField()) {
            switch (field) {
                case "wallMicros" -> wallMicros = json.number();
                case "nanos" -> nanos = json.number();
                case "process" -> process = json.number();
                case "kind" -> kind = EventKind.of(json.text());
                case "key" -> key = json.text();
                case "id" -> id = json.text();
                case "sequence" -> sequence = json.number();
                case "attempt" -> attempt = Math.toIntExact(json.number());
                case "token" -> token = json.numberOrNull();
                default -> throw new IllegalArgumentException("unknown field " + field);
            }
        }
        return event(
                kind,
                Instant.EPOCH.plus(wallMicros, ChronoUnit.MICROS),
                nanos,
                process,
                key,
                id,
                sequence,
                attempt,
                token);
    }

    private static Event event(
            @Nullable EventKind kind,
            Instant wall,
            long nanos,
            long process,
            String key,
            String id,
            long sequence,
            int attempt,
            @Nullable Long token) {
        if (kind == null) {
            throw new IllegalArgumentException("an event without a kind");
        }
        return new Event(kind, wall, nanos, process, key, id, sequence, attempt, token);
    }

    private static void text(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                // Surrogates too: a lone one has no UTF-8 form and would not survive the file.
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
