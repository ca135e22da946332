package io.oncemq.torture.history;

import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Events as flat JSON objects without what is empty or 0. */
final class EventLine {
    private static final JsonFactory JSON = new JsonFactory();

    private EventLine() {}

    static String write(Event event) {
        StringWriter out = new StringWriter(160);
        try (JsonGenerator line = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            line.writeStartObject();
            line.writeNumberProperty("at", event.nanos());
            text(line, "process", event.process());
            text(line, "kind", event.kind().name());
            text(line, "id", event.id());
            text(line, "key", event.key());
            number(line, "sequence", event.sequence());
            text(line, "shard", event.shard());
            number(line, "epoch", event.epoch());
            number(line, "tag", event.tag());
            number(line, "owner", event.owner());
            number(line, "token", event.token());
            number(line, "number", event.number());
            text(line, "text", event.text());
            line.writeEndObject();
        }
        return out.toString();
    }

    private static void text(JsonGenerator line, String name, String value) {
        if (!value.isEmpty()) {
            line.writeStringProperty(name, value);
        }
    }

    private static void number(JsonGenerator line, String name, long value) {
        if (value != 0) {
            line.writeNumberProperty(name, value);
        }
    }

    /** The event of a line; null if the line is not a whole one. */
    static @Nullable Event parse(String line) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            return json.nextToken() == JsonToken.START_OBJECT ? new Fields().read(json) : null;
        } catch (JacksonException | IllegalArgumentException | UncheckedIOException broken) {
            return null;
        }
    }

    /** The fields of a line as they come. */
    private static final class Fields {
        private long at;
        private String process = "";
        private @Nullable Kind kind;
        private String id = "";
        private String key = "";
        private long sequence;
        private String shard = "";
        private long epoch;
        private long tag;
        private long owner;
        private long token;
        private long number;
        private String text = "";

        @Nullable
        Event read(JsonParser json) {
            for (JsonToken next = json.nextToken(); next == JsonToken.PROPERTY_NAME; next = json.nextToken()) {
                String name = json.currentName();
                json.nextToken();
                set(name, json);
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null || kind == null) {
                return null;
            }
            return new Event(at, process, kind, id, key, sequence, shard, epoch, tag, owner, token, number, text);
        }

        private void set(String name, JsonParser json) {
            switch (name) {
                case "at" -> at = json.getLongValue();
                case "process" -> process = json.getString();
                case "kind" -> kind = Kind.valueOf(json.getString());
                case "id" -> id = json.getString();
                case "key" -> key = json.getString();
                case "sequence" -> sequence = json.getLongValue();
                case "shard" -> shard = json.getString();
                case "epoch" -> epoch = json.getLongValue();
                case "tag" -> tag = json.getLongValue();
                case "owner" -> owner = json.getLongValue();
                case "token" -> token = json.getLongValue();
                case "number" -> number = json.getLongValue();
                case "text" -> text = json.getString();
                default -> throw new IllegalArgumentException("unknown field " + name);
            }
        }
    }
}
