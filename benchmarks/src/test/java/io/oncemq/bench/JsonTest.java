package io.oncemq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void writesOneLineInTheOrderOfTheFields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("ratio", 0.85);
        fields.put("count", 1_500_000);
        fields.put("missing", null);
        fields.put("quick", true);
        fields.put("range", List.of(0.8, 0.9));
        fields.put("machine", Map.of("cores", 2));

        assertThat(Json.line(fields))
                .isEqualTo("{\"ratio\":0.85,\"count\":1500000,\"missing\":null,\"quick\":true,"
                        + "\"range\":[0.8,0.9],\"machine\":{\"cores\":2}}");
    }

    @Test
    void writesEmptyContainers() {
        assertThat(Json.line(Arrays.asList(Map.of(), List.of()))).isEqualTo("[{},[]]");
    }

    @Test
    void escapesWhatWouldBreakTheText() {
        assertThat(Json.line("a \"b\" \\ c\nd\t")).isEqualTo("\"a \\\"b\\\" \\\\ c\\u000ad\\u0009\"");
    }

    @Test
    void writesNullForWhatIsNoNumber() {
        assertThat(Json.line(List.of(Double.NaN, Double.POSITIVE_INFINITY))).isEqualTo("[null,null]");
    }
}
