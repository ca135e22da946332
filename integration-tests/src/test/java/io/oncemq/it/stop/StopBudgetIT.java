package io.oncemq.it.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.testkit.server.ActiveMqServer;
import io.oncemq.testkit.server.ArtemisServer;
import io.oncemq.testkit.server.ChildProcess;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RocketServer;
import io.oncemq.testkit.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G18: a process that closes its client ends within the deadline of the close and 2 seconds, whatever hangs. */
class StopBudgetIT {
    private static final Duration DEADLINE = Duration.ofSeconds(8);
    private static final Duration BEYOND = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    @Test
    void kafkaThatHangs() throws IOException {
        try (KafkaServer kafka = KafkaServer.started()) {
            assertEndsInTime(kafka, "kafka", kafka.bootstrap(), "", "");
        }
    }

    @Test
    @NeedsRabbit
    void rabbitThatHangs() throws IOException {
        try (RabbitServer rabbit = RabbitServer.started()) {
            assertEndsInTime(rabbit, "rabbit", rabbit.host() + ":" + rabbit.port(), rabbit.user(), rabbit.password());
        }
    }

    @Test
    void rocketThatHangs() throws IOException {
        try (RocketServer rocket = RocketServer.started()) {
            assertEndsInTime(rocket, "rocket", rocket.nameServer(), "", "");
        }
    }

    @Test
    void artemisThatHangs() throws IOException {
        try (ArtemisServer artemis = ArtemisServer.started()) {
            assertEndsInTime(artemis, "artemis", "localhost:" + artemis.port(), "", "");
        }
    }

    @Test
    void activeMqThatHangs() throws IOException {
        try (ActiveMqServer activeMq = ActiveMqServer.started()) {
            assertEndsInTime(activeMq, "activemq", "localhost:" + activeMq.port(), "", "");
        }
    }

    /** A frozen broker, a frozen store, a handler that hangs, and at last both killed: each with a process of its own. */
    private void assertEndsInTime(Server broker, String... broking) throws IOException {
        try (RedisServer redis = RedisServer.started()) {
            Stop stop = new Stop(broking, redis.uri());
            stop.assertEndsInTime("all is well", "first", nothing -> {});
            stop.assertEndsInTime("the store is frozen", "first", nothing -> redis.pause());
            redis.resume();
            stop.assertEndsInTime("a handler hangs", StoppingMember.HANG, nothing -> {});
            stop.assertEndsInTime("both are frozen and a handler hangs", StoppingMember.HANG, nothing -> {
                broker.pause();
                redis.pause();
            });
            broker.resume();
            redis.resume();
            stop.assertEndsInTime("both are unreachable", "first", nothing -> {
                broker.kill();
                redis.kill();
            });
        }
    }

    private final class Stop {
        private final String[] broking;
        private final String store;
        private int run;

        Stop(String[] broking, String store) {
            this.broking = broking;
            this.store = store;
        }

        void assertEndsInTime(String what, String body, Consumer<Path> fault) throws IOException {
            Path place = Files.createDirectory(folder.resolve("run" + run++));
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Drocketmq.log.root=" + place,
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    StoppingMember.class.getName()));
            command.addAll(List.of(broking));
            command.addAll(List.of(store, DEADLINE.toString(), place.toString(), body));
            try (ChildProcess child = ChildProcess.start(command, Map.of(), place, place.resolve("log"))) {
                await().atMost(Duration.ofMinutes(2)).until(() -> {
                    assertThat(child.isAlive()).as(() -> child.logTail(40)).isTrue();
                    return Files.exists(place.resolve("ready"));
                });
                fault.accept(place);
                long began = System.nanoTime();
                Files.createFile(place.resolve("go"));
                assertThat(child.awaitExit(DEADLINE.plusSeconds(60))).as(what).isTrue();
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                assertThat(child.logTail(200)).as(what).contains(StoppingMember.CLOSED + "0");
                assertThat(took).as("%s: %s", what, child.logTail(60)).isLessThan(DEADLINE.plus(BEYOND));
            }
        }
    }
}
