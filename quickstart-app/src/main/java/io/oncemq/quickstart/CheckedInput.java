package io.oncemq.quickstart;

import java.io.PrintStream;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/**
 * An input that was read once, so that it is known what should come of it. A line is malformed if it is not a JSON object, its id or key is missing,
 * empty or neither text nor a number, its id has more than 255 characters, or an earlier line used the id with another key. A repeated id
 * with the same key is published, and suppressed as a duplicate.
 *
 * @param publishable lines that are messages, repeated ids included
 * @param malformed lines that are no messages; they were reported
 */
record CheckedInput(Input input, Expected expected, int publishable, int malformed) {

    /** @throws UsageException if an input file holds no message at all */
    static CheckedInput of(Options options, PrintStream err) {
        Path file = options.input();
        if (file == null) {
            return check(new GeneratedInput(options.messages()), err);
        }
        CheckedInput checked = check(new JsonLinesInput(file, options.idField(), options.keyField()), err);
        if (checked.expected().messages() == 0) {
            throw new UsageException("--input " + file + ": no line of it is a message with the fields '"
                    + options.idField() + "' and '" + options.keyField() + "'");
        }
        return checked;
    }

    /** With different ids. */
    int messages() {
        return expected.messages();
    }

    static CheckedInput check(Input input, PrintStream err) {
        Reading reading = new Reading(err);
        input.read(reading);
        return new CheckedInput(input, reading.expected, reading.publishable, reading.malformed);
    }

    private static final class Reading implements Input.Visitor {
        private final Expected expected = new Expected();
        private final PrintStream err;
        private int publishable;
        private int malformed;

        Reading(PrintStream err) {
            this.err = err;
        }

        @Override
        public void message(int line, String id, String key, JsonNode data) {
            if (expected.add(id, key)) {
                publishable++;
            } else {
                malformed(line, "id '" + id + "' was used with another key before");
            }
        }

        @Override
        public void malformed(int line, String problem) {
            malformed++;
            err.println("line " + line + ": " + problem);
        }
    }
}
