package io.oncemq.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.torture.check.EditedHistory;
import io.oncemq.torture.check.Rule;
import io.oncemq.torture.history.HistoryFolder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A short seeded run on each broker, in an order of faults of its own. How many of them happen depends on the machine: a run in which none does
 * fails, which ones is not judged.
 */
@Timeout(360)
class TortureIT {
    private static final String SHORT = "0.4";
    private static final String FAULTS =
            "kill-after-effect,kill-before-ack,kill-broker,restart-store,cut-replies-broker,partition-store,accept-and-close-broker";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void kafkaKeepsItsPromisesUnderFaults() {
        assertNoAnomaly("kafka", 1);
        assertChangesAreFound("kafka-1");
    }

    @Test
    @NeedsRabbit(asProcess = true)
    void rabbitMqKeepsItsPromisesUnderFaults() {
        assertNoAnomaly("rabbit", 2);
        assertChangesAreFound("rabbit-2");
    }

    @Test
    void rocketMqKeepsItsPromisesUnderFaults() {
        assertNoAnomaly("rocketmq", 3);
    }

    @Test
    void artemisKeepsItsPromisesUnderFaults() {
        assertNoAnomaly("artemis", 4);
    }

    @Test
    void activeMqKeepsItsPromisesUnderFaults() {
        assertNoAnomaly("activemq", 5);
    }

    private void assertNoAnomaly(String broker, int seed) {
        int status = Torture.command(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                "--broker",
                broker,
                "--minutes",
                SHORT,
                "--seed",
                Integer.toString(seed),
                "--nemesis",
                FAULTS);
        assertThat(status).as("%s%n%s", out, err).isZero();
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        JsonNode json = JsonMapper.shared().readTree(lines.get(lines.size() - 1));
        assertThat(json.propertyNames())
                .contains("broker", "minutes", "seed", "published", "effects", "explainedDuplicates", "nemeses")
                .containsAll(rules());
        assertThat(json.get("excusedShare").propertyNames()).containsExactlyElementsOf(rules());
        assertThat(json.get("published").asLong()).isPositive();
    }

    /** What the judge finds in a history by hand, it must find in the one that was just written. */
    private static void assertChangesAreFound(String run) {
        Path history = Path.of("target/torture", run, "history");
        assertThat(EditedHistory.notFound(new HistoryFolder(history))).isEmpty();
    }

    private static List<String> rules() {
        return Arrays.stream(Rule.values()).map(Rule::field).toList();
    }
}
