package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.CrashPolicy;
import io.oncemq.testkit.server.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A consumer in a process of its own, which can be killed and frozen. What it does stands in a file that survives it. It
 * does what a message's body says; any other body has its effect at once.
 */
final class Member implements AutoCloseable {
    /** Ends the process inside of the handler, when the handlers beside it have ended. */
    static final String HALT = "halt";

    /** Holds the handler until it is interrupted. */
    static final String HOLD = "hold";

    /** Has its effect, then holds the handler. */
    static final String EFFECT_THEN_HOLD = "effect-then-hold";

    /** A dead or frozen member's claims can be taken by others after this time. */
    static final Duration LEASE = Duration.ofSeconds(3);

    static final int CONCURRENCY = 8;
    static final int MAX_ATTEMPTS = 3;

    private final ChildProcess process;
    private final Path ledger;

    private Member(ChildProcess process, Path ledger) {
        this.process = process;
        this.ledger = ledger;
    }

    /** Starts it; does not wait until it consumes. */
    static Member start(TransportFixture fixture, String destination, String group) {
        return start(fixture, destination, group, CrashPolicy.REPROCESS);
    }

    static Member start(TransportFixture fixture, String destination, String group, CrashPolicy policy) {
        return start(fixture, destination, group, policy, "");
    }

    /** One that replays everything under this name. */
    static Member replaying(TransportFixture fixture, String destination, String group, String name) {
        return start(fixture, destination, group, CrashPolicy.REPROCESS, name);
    }

    private static Member start(
            TransportFixture fixture, String destination, String group, CrashPolicy policy, String replay) {
        try {
            Path ledger = Files.createTempFile("oncemq-member", ".ledger");
            ledger.toFile().deleteOnExit();
            Path log = Files.createTempFile("oncemq-member", ".log");
            log.toFile().deleteOnExit();
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx96m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    MemberMain.class.getName(),
                    fixture.memberTransport().getName(),
                    fixture.memberAddress(),
                    fixture.storeUri(),
                    destination,
                    group,
                    ledger.toString(),
                    policy.name(),
                    replay);
            return new Member(ChildProcess.start(command, Map.of(), Path.of("").toAbsolutePath(), log), ledger);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> lines() {
        try {
            return Files.readAllLines(ledger);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Ledger ledger() {
        Ledger read = new Ledger();
        read.add(lines());
        return read;
    }

    /** Waits for a line that is this or begins with it and a blank. */
    String awaitLine(String start) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(20))
                .failFast(() ->
                        assertThat(process.isAlive()).as(process.logTail(30)).isTrue())
                .until(() -> lines().stream().anyMatch(line -> (line + " ").startsWith(start + " ")));
        return lines().stream()
                .filter(line -> (line + " ").startsWith(start + " "))
                .findFirst()
                .orElseThrow();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void pause() {
        process.pause();
    }

    void resume() {
        process.resume();
    }

    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
