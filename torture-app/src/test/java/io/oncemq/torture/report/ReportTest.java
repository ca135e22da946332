package io.oncemq.torture.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.torture.history.HistoryFile;
import io.oncemq.torture.history.PublishOutcome;
import io.oncemq.torture.history.Recorder;
import io.oncemq.torture.history.RunRecorder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    Path folder;

    @Test
    void whatWasFoundIsToldWithWhatTheHistorySaysOfIt() throws Exception {
        try (HistoryFile driver = HistoryFile.open(folder, "driver");
                HistoryFile consumer = HistoryFile.open(folder, "c1.1")) {
            RunRecorder run = new RunRecorder(driver);
            Recorder publisher = new Recorder(driver);
            run.starting("c1.1");
            run.nemesisBegins("kill-broker broker <1>");
            publisher.publishInvoked("a", "k", 1);
            publisher.publishEnded("a", PublishOutcome.CONFIRMED);
            Recorder recorder = new Recorder(consumer);
            recorder.alive(1);
            recorder.received("s", 1, 7, "a", "k");
            recorder.storeAsked(StoreCommand.Type.CLAIM, "a", 1);
            recorder.storeAnswered(StoreCommand.Type.CLAIM, "a", 1, StoreAnswer.Kind.DONE, 0);
            recorder.acknowledged("s", 1, 7, new long[0]);
            run.nemesisEnded("kill-broker broker <1>");
            run.quiescent();
        }

        Summary summary = Report.write(folder, folder, "kafka", 1, 7, new TreeMap<>(Map.of("kill-broker", 1)));

        assertThat(summary.json()).contains("\"falseSuppressions\":1");
        String markdown = Files.readString(folder.resolve("report.md"));
        assertThat(markdown)
                .startsWith("# kafka, 1 minute, seed 7\n\n**1 anomaly.**")
                .contains(
                        "## false suppression",
                        "CLAIM DONE",
                        "| of these confirmed | 1 |",
                        "| kill-broker | 1 |",
                        summary.json());
        String page = Files.readString(folder.resolve("report.html"));
        assertThat(page)
                .contains(
                        "1 anomaly",
                        "class=\"fault\"",
                        "class=\"anomaly\"",
                        "kill-broker broker &lt;1&gt;",
                        "STORE_ANSWERED")
                .doesNotContain("@title@", "@chart@", "@anomalies@", "http");
    }
}
