package io.oncemq.quickstart;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** A file with one JSON object per line, in UTF-8. Numbers keep all their digits. */
final class JsonLinesInput implements Input {
    private static final int LONGEST_ID = 255;
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .readerFor(JsonNode.class);

    private final Path file;
    private final String idField;
    private final String keyField;

    JsonLinesInput(Path file, String idField, String keyField) {
        this.file = file;
        this.idField = idField;
        this.keyField = keyField;
    }

    @Override
    public void read(Visitor visitor) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int number = 0;
            int next;
            do {
                next = in.read();
                if (next != '\n' && next >= 0) {
                    line.write(next);
                    continue;
                }
                number++;
                visit(number, line.toByteArray(), visitor);
                line.reset();
            } while (next >= 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private void visit(int number, byte[] line, Visitor visitor) {
        if (blank(line)) {
            return;
        }
        try {
            JsonNode data = READER.readValue(line);
            if (!data.isObject()) {
                throw new MalformedLineException("not a JSON object");
            }
            String id = field(data, idField);
            if (id.length() > LONGEST_ID) {
                throw new MalformedLineException("field '" + idField + "' has more than " + LONGEST_ID + " characters");
            }
            visitor.message(number, id, field(data, keyField), data);
        } catch (MalformedLineException e) {
            visitor.malformed(number, e.getMessage());
        } catch (JacksonException e) {
            visitor.malformed(
                    number,
                    "not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    private static boolean blank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private static String field(JsonNode data, String name) {
        JsonNode value = data.get(name);
        if (value == null || value.isNull()) {
            throw new MalformedLineException("field '" + name + "' is missing");
        }
        if (!value.isString() && !value.isNumber()) {
            throw new MalformedLineException("field '" + name + "' is neither text nor a number");
        }
        String text = value.asString();
        if (text.isEmpty()) {
            throw new MalformedLineException("field '" + name + "' is empty");
        }
        return text;
    }

    /** A line that is valid JSON and yet no message. */
    private static final class MalformedLineException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedLineException(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
