package io.oncemq.torture;

import io.oncemq.testkit.server.ChildProcess;
import io.oncemq.torture.history.RunRecorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One place in the consumer group, and the processes that take it one after the other. Thread-safe. */
final class Member implements AutoCloseable {
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.log.org.apache.kafka=error",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
            "-Drmq.logback.configurationFile=io/oncemq/torture/rocketmq-logback.xml");
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(45);

    /** Of a process whose subscription stopped by itself, or that could not begin. */
    private static final int FAILED = 1;

    private final Place place;
    private final RunRecorder log;
    private int incarnation;
    private int order;
    private boolean wanted;
    private boolean deathNoted;
    private String failure = "";
    private @Nullable ChildProcess process;

    /** Where and as what the processes run. */
    record Place(int slot, BrokerKind broker, String address, String store, long seed, WorkFolder folder) {
        String member() {
            return "consumer-" + slot;
        }
    }

    Member(Place place, RunRecorder log) {
        this.place = place;
        this.log = log;
    }

    int slot() {
        return place.slot();
    }

    /** The name of the process that has the place now, or had it last. */
    synchronized String incarnation() {
        return place.member() + "." + incarnation;
    }

    /** Tells all that is done to its processes from what is done to one of them. */
    String name() {
        return place.member();
    }

    /** Starts a process, and has it replaced when it dies. */
    synchronized void start() {
        start(List.of());
    }

    /** The same, and the wall clock of the first process is so much ahead. */
    synchronized void startWithClock(Duration ahead) {
        start(List.of(ShiftedClock.option(place.folder().path(), ahead)));
    }

    private void start(List<String> options) {
        wanted = true;
        if (process != null && process.isAlive()) {
            return;
        }
        incarnation++;
        deathNoted = false;
        Order.NONE.writeTo(orders());
        order = 0;
        log.starting(incarnation());
        process = ChildProcess.start(command(options), Map.of(), place.folder().path(), logFile());
    }

    private List<String> command(List<String> options) {
        ConsumerSpec spec = new ConsumerSpec(
                incarnation(),
                place.broker(),
                place.address(),
                place.store(),
                place.seed(),
                place.folder().history(),
                orders());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        if (Loopback.isDivided()) {
            command.add(Loopback.option(place.folder().file(place.member() + ".hosts"), place.slot()));
        }
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ConsumerMain.class.getName()));
        command.addAll(spec.toArguments());
        return command;
    }

    private Path orders() {
        return place.folder().file(place.member() + ".orders");
    }

    private Path logFile() {
        return place.folder().file(place.member() + ".log");
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Notes the death of a process that nobody has noticed yet. */
    synchronized void noticeDeath() {
        if (process != null && !process.isAlive() && !deathNoted) {
            deathNoted = true;
            log.dead(incarnation(), process.exitStatus());
            if (process.exitStatus() == FAILED) {
                failure = incarnation() + " ended by itself: " + process.logTail(3);
            }
        }
    }

    /** What was said when a process ended without being told to, each once; empty for none. */
    synchronized String takeFailure() {
        String said = failure;
        failure = "";
        return said;
    }

    synchronized boolean isWanted() {
        return wanted;
    }

    /** As {@code kill -9}; returns when it is gone. Whether there was one to kill. */
    synchronized boolean kill() {
        if (process == null || !process.isAlive()) {
            return false;
        }
        deathNoted = true;
        log.killing(incarnation());
        process.kill();
        log.dead(incarnation(), process.exitStatus());
        return true;
    }

    /** SIGSTOP. Whether there was one to stop. */
    synchronized boolean pause() {
        if (process == null || !process.isAlive()) {
            return false;
        }
        log.stopping(incarnation());
        process.pause();
        return true;
    }

    /** SIGCONT. */
    synchronized void resume() {
        if (process != null && process.isAlive()) {
            process.resume();
            log.continued(incarnation());
        }
    }

    synchronized void dieAt(Hook hook, int count) {
        Order.dieAt(++order, hook, count).writeTo(orders());
    }

    synchronized void dawdle(Duration time) {
        Order.slow(++order, time.toMillis()).writeTo(orders());
    }

    synchronized void behave() {
        Order.slow(++order, 0).writeTo(orders());
    }

    /** Asks the process to close, as an orchestrator does, and does not replace it. */
    void leave() {
        ChildProcess leaving;
        synchronized (this) {
            wanted = false;
            leaving = process;
        }
        if (leaving != null && leaving.isAlive()) {
            log.askingToClose(incarnation());
            leaving.terminate();
            if (!leaving.awaitExit(CLOSE_PATIENCE)) {
                log.stillOpen("the close() of " + incarnation());
                log.killing(incarnation());
                leaving.kill();
            }
            noticeDeath();
        }
    }

    @Override
    public synchronized void close() {
        wanted = false;
        if (process != null) {
            process.kill();
        }
    }
}
