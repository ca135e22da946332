package io.oncemq.quickstart;

import io.oncemq.testkit.server.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A consumer in a JVM of its own, with the class path of this one. */
final class ConsumerProcess implements AutoCloseable {
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.log.org.apache.kafka=error",
            "-D" + RocketBroker.LOGGING + "=" + RocketBroker.SILENT,
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS");
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(45);
    /** What a JVM ends with after SIGTERM, its shutdown hooks done. */
    private static final int AFTER_SIGTERM = 143;

    private final ConsumerSpec spec;
    private final ChildProcess process;
    private final LineTally journal;
    private volatile boolean killed;

    private ConsumerProcess(ConsumerSpec spec, ChildProcess process) {
        this.spec = spec;
        this.process = process;
        this.journal = new LineTally(spec.journal());
    }

    static ConsumerProcess start(ConsumerSpec spec, WorkFolder folder) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ConsumerMain.class.getName()));
        command.addAll(spec.toArguments());
        ChildProcess process = ChildProcess.start(command, Map.of(), folder.path(), folder.file(spec.name() + ".log"));
        return new ConsumerProcess(spec, process);
    }

    String name() {
        return spec.name();
    }

    long pid() {
        return process.pid();
    }

    int count(Journal.Kind kind) {
        return journal.lines(kind.code());
    }

    /** Whether it would receive messages now. */
    boolean isReady() {
        return count(spec.broker().sharesBeforeMessages() ? Journal.Kind.ASSIGNED : Journal.Kind.SUBSCRIBED) > 0;
    }

    boolean isKilled() {
        return killed;
    }

    boolean diedByItself() {
        return !killed && !process.isAlive();
    }

    String logTail() {
        return process.logTail(20);
    }

    /** kill -9; returns when the process is gone. */
    void kill() {
        killed = true;
        process.kill();
    }

    /** Asks it to close; whether it did in time and in order. */
    boolean stop() {
        if (!process.isAlive()) {
            return false;
        }
        process.stop(CLOSE_PATIENCE);
        return process.exitStatus() == AFTER_SIGTERM;
    }

    @Override
    public void close() {
        process.kill();
    }
}
