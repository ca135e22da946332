package io.oncemq.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {

    @Test
    void readsWhatIsToBeRun() {
        Options options = CommandLine.parse(
                "--broker", "kafka", "--minutes=0.5", "--seed", "7", "--nemesis", "kill-broker, lose-store");
        assertThat(options.broker()).isEqualTo(BrokerKind.KAFKA);
        assertThat(options.time()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.seed()).isEqualTo(7);
        assertThat(options.nemeses()).containsExactly("kill-broker", "lose-store");
    }

    @Test
    void runsOneMinuteOfAllFaultsUnlessToldOtherwise() {
        Options options = CommandLine.parse("--broker", "rabbit");
        assertThat(options.time()).isEqualTo(Duration.ofMinutes(1));
        assertThat(options.nemeses()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--broker pigeon, unknown broker",
        "--broker, needs a value",
        "--minutes 3, --broker is missing",
        "--broker kafka --minutes 0, give a number above 0",
        "--broker kafka --minutes soon, give a number above 0",
        "--broker kafka --seed x, give a whole number",
        "'--broker kafka --nemesis ,', --nemesis needs a value",
        "--broker kafka --seed 1 --seed 2, is given twice",
        "--broker kafka --loud, unknown option",
        "--broker kafka loud, unexpected argument"
    })
    void refusesWhatItDoesNotUnderstand(String arguments, String reason) {
        assertThatThrownBy(() -> CommandLine.parse(arguments.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void endsWithStatusTwoForAWrongOption() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Torture.command(
                System.out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                "--broker",
                "activemq",
                "--nemesis",
                "add-partition");
        assertThat(status).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("add-partition on activemq: only on Kafka");
    }

    @Test
    void helpNamesEveryBrokerAndEveryFault() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status = Torture.command(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false, "--help");
        assertThat(status).isZero();
        String help = out.toString(StandardCharsets.UTF_8);
        assertThat(help).contains(BrokerKind.options());
        assertThat(help).contains(Nemeses.all().stream().map(Nemesis::name).toList());
    }
}
