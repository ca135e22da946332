package io.oncemq.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.testkit.server.ChildProcess;
import io.oncemq.testkit.server.NeedsRabbit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neither a log line nor an exception's text nor what an object prints of itself shows a body, a header's value or a secret. */
class QuietLogsIT {
    @TempDir
    private Path folder;

    @Test
    void nothingThatGoesWrongOnKafkaIsToldWithABodyOrASecret() throws Exception {
        KafkaFixture broker = KafkaFixture.consumerProtocol();
        assertQuiet("kafka", broker.memberAddress(), "", "", broker.storeUri());
    }

    @Test
    @NeedsRabbit
    void nothingThatGoesWrongOnRabbitIsToldWithABodyOrASecret() throws Exception {
        RabbitFixture broker = new RabbitFixture();
        assertQuiet("rabbit", broker.memberAddress(), broker.user(), broker.password(), broker.storeUri());
    }

    @Test
    void nothingThatGoesWrongOnRocketIsToldWithABodyOrASecret() throws Exception {
        RocketFixture broker = new RocketFixture();
        assertQuiet("rocket", broker.memberAddress(), "", "", broker.storeUri());
    }

    /** All that was logged anywhere. */
    private String told() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    private void assertQuiet(String... arguments) throws Exception {
        Path log = folder.resolve("log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                "-Dorg.slf4j.simpleLogger.log.io.oncemq=trace",
                "-Drocketmq.log.root=" + folder, // where RocketMQ's client keeps a log of its own
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                TalkativeStory.class.getName()));
        command.addAll(List.of(arguments));
        try (ChildProcess child = ChildProcess.start(command, Map.of(), folder, log)) {
            assertThat(child.awaitExit(Duration.ofMinutes(6))).isTrue();
            assertThat(child.exitStatus()).as(child.logTail(50)).isZero();
        }
        assertThat(told())
                .as("the story was told, with all that went wrong")
                .contains("DeliveryRetried", "DeadLettered", "IdReused", "an observer fails", "a listener fails")
                .contains("TOO_LARGE", "THE END")
                .as("and nothing that must not be told")
                .doesNotContain(TalkativeStory.BODY, TalkativeStory.HEADER, TalkativeStory.PASSWORD);
    }
}
