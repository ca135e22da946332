package io.oncemq.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class JsonLinesInputTest {
    @TempDir
    Path folder;

    private final List<String> read = new ArrayList<>();

    @Test
    void readsIdAndKeyFromTheNamedFields() throws Exception {
        read("{\"event\":\"e1\",\"customer\":\"c\"}\n{\"event\":2,\"customer\":7.50}", "event", "customer");

        assertThat(read).containsExactly("1 e1 c", "2 2 7.50");
    }

    @Test
    void skipsBlankLinesAndCountsThemAsLines() throws Exception {
        read("\n{\"id\":\"a\",\"key\":\"k\"}\r\n  \n{\"id\":\"b\",\"key\":\"k\"}\n", "id", "key");

        assertThat(read).containsExactly("2 a k", "4 b k");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "nonsense                           | not JSON",
                "{\"id\":\"a\",\"key\":\"k\"        | not JSON",
                "{\"id\":\"a\",\"key\":\"k\"} tail  | not JSON",
                "[1]                                | not a JSON object",
                "{\"key\":\"k\"}                    | field 'id' is missing",
                "{\"id\":\"a\"}                     | field 'key' is missing",
                "{\"id\":null,\"key\":\"k\"}        | field 'id' is missing",
                "{\"id\":\"\",\"key\":\"k\"}        | field 'id' is empty",
                "{\"id\":{},\"key\":\"k\"}          | field 'id' is neither text nor a number",
            })
    void reportsAMalformedLineWithItsNumberAndGoesOn(String line, String problem) throws Exception {
        read("{\"id\":\"a\",\"key\":\"k\"}\n" + line + "\n{\"id\":\"b\",\"key\":\"k\"}\n", "id", "key");

        assertThat(read).hasSize(3).contains("1 a k", "3 b k");
        assertThat(read.get(1)).startsWith("malformed 2 " + problem);
    }

    @Test
    void bytesThatAreNotUtf8AreMalformed() throws Exception {
        Path file = folder.resolve("in.jsonl");
        Files.write(file, new byte[] {'{', '"', 'i', 'd', '"', ':', '"', (byte) 0xc3, '"', '}', '\n'});

        new JsonLinesInput(file, "id", "key").read(new Recorder());

        assertThat(read).hasSize(1);
        assertThat(read.get(0)).startsWith("malformed 1 not JSON");
    }

    @Test
    void idOfMoreThan255CharactersIsMalformed() throws Exception {
        read("{\"id\":\"" + "x".repeat(256) + "\",\"key\":\"k\"}", "id", "key");

        assertThat(read).containsExactly("malformed 1 field 'id' has more than 255 characters");
    }

    @Test
    void checkingCountsMalformedLinesAndReportsEachOnce() throws Exception {
        Path file = Files.writeString(folder.resolve("in.jsonl"), """
                {"id":"a","key":"k"}
                nonsense
                {"id":"b","key":"k"}
                {"id":"a","key":"other"}
                {"id":"a","key":"k"}
                """);
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        CheckedInput checked =
                CheckedInput.check(new JsonLinesInput(file, "id", "key"), new PrintStream(err, true, UTF_8));

        assertThat(checked.malformed()).isEqualTo(2);
        assertThat(checked.messages()).isEqualTo(2);
        assertThat(checked.expected().sequence("b", "k")).hasValue(2);
        assertThat(checked.expected().sequence("a", "other")).isEmpty();
        assertThat(err.toString(UTF_8))
                .contains("line 2: not JSON", "line 4: id 'a' was used with another key before")
                .doesNotContain("line 5");
    }

    private void read(String text, String idField, String keyField) throws Exception {
        Path file = Files.writeString(folder.resolve("in.jsonl"), text);
        new JsonLinesInput(file, idField, keyField).read(new Recorder());
    }

    private final class Recorder implements Input.Visitor {
        @Override
        public void message(int line, String id, String key, JsonNode data) {
            read.add(line + " " + id + " " + key);
        }

        @Override
        public void malformed(int line, String problem) {
            read.add("malformed " + line + " " + problem);
        }
    }
}
