package io.oncemq.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {

    @Test
    void nothingGivenMeansTwentyThousandMessagesOnKafkaWithFaults() {
        Options options = CommandLine.parse();

        assertThat(options).isEqualTo(Options.defaults());
        assertThat(options.messages()).isEqualTo(20_000);
        assertThat(options.faults()).isTrue();
        assertThat(options.variant()).isEqualTo(ConsumerVariant.HONEST);
    }

    @Test
    void takesValuesAsNextArgumentAndAfterAnEqualsSign() {
        assertThat(CommandLine.parse("--messages", "7", "--broker=kafka", "--no-faults"))
                .isEqualTo(Options.defaults().messages(7).withoutFaults());
    }

    @Test
    void takesAnInputFileWithItsFields(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("in.jsonl"));

        assertThat(CommandLine.parse("--input", file.toString(), "--id", "eventId", "--key=customer"))
                .isEqualTo(Options.defaults().input(file).idField("eventId").keyField("customer"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--mesages 5             | unknown option --mesages",
                "-n                      | unknown option -n",
                "5                       | unexpected argument 5",
                "--messages              | --messages needs a value",
                "--messages --no-faults  | --messages needs a value",
                "--messages=             | --messages needs a value",
                "--messages 0            | --messages 0: give a whole number from 1",
                "--messages -3           | --messages -3: give a whole number from 1",
                "--messages many         | --messages many: give a whole number from 1",
                "--messages 99999999999  | --messages 99999999999: give a whole number from 1",
                "--messages 1 --messages 2 | --messages is given twice",
                "--no-faults=yes         | --no-faults takes no value",
                "--input /no/such/file   | --input /no/such/file: there is no such file",
                "--input /               | --input /: this is a folder",
                "--id x                  | --id names a field of an input line: it needs --input",
                "--key x                 | --key names a field of an input line: it needs --input",
                "--broker mqseries       | --broker mqseries: unknown broker",
            })
    void refusesWhatItCannotUnderstand(String arguments, String message) {
        assertThatThrownBy(() -> CommandLine.parse(arguments.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void refusesToGenerateAndToReadAtOnce(@TempDir Path folder) throws Exception {
        String file = Files.createFile(folder.resolve("in.jsonl")).toString();

        assertThatThrownBy(() -> CommandLine.parse("--input", file, "--messages", "5"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("one of the two");
    }
}
