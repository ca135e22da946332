package io.oncemq.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchOptionsTest {

    @Test
    void measuresEverythingFiveTimesByDefault() {
        BenchOptions options = parse("kafka");

        assertThat(options.broker()).isEqualTo(BrokerName.KAFKA);
        assertThat(options.quick()).isFalse();
        assertThat(options.runs()).isEqualTo(5);
        assertThat(options.parts()).containsExactlyInAnyOrder(Part.values());
    }

    @Test
    void quickRunsLessOften() {
        assertThat(parse("kafka", "--quick").runs()).isEqualTo(3);
    }

    @Test
    void runsAreWhatTheCommandLineSaysWhereverItStands() {
        assertThat(parse("kafka", "--runs", "7", "--quick").runs()).isEqualTo(7);
        assertThat(parse("kafka", "--quick", "--runs", "7").runs()).isEqualTo(7);
    }

    @Test
    void onlyChoosesParts() {
        assertThat(parse("kafka", "--only", "publish,lanes").parts())
                .containsExactlyInAnyOrder(Part.PUBLISH, Part.LANES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"                     | no broker",
                "rocket                 | unknown broker 'rocket'",
                "--quick                | unknown broker '--quick'",
                "kafka --fast           | unknown option '--fast'",
                "kafka --runs           | --runs needs a value",
                "kafka --runs 0         | --runs takes 1 to 99",
                "kafka --runs many      | 'many'",
                "kafka --only           | --only needs a value",
                "kafka --only disk      | 'disk' cannot be measured; choose from publish, consume, lanes, memory",
                "kafka --only publish,, | '' cannot be measured",
            })
    void refusesAWrongCommandLineByNameOfTheWord(String line, String message) {
        assertThatThrownBy(() -> parse(line.isEmpty() ? new String[0] : line.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    private static BenchOptions parse(String... words) {
        return BenchOptions.parse(List.of(words));
    }
}
