package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A child process that never outlives this JVM: a shutdown hook kills it, and where the JVM itself is killed, a watchdog
 * process does. What it prints is appended to a log file.
 *
 * <p>Thread-safe. POSIX only: it needs {@code sh} on the PATH.
 */
public final class ChildProcess implements ServerRun, AutoCloseable {
    /** The child waits for one line before it becomes the program, so that it is guarded from its first instant. */
    private static final String GATE = "read -r go && exec \"$@\" </dev/null";

    private static final Set<ChildProcess> LIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ChildProcess::endAll, "oncemq-testkit-reaper"));
    }

    private final Process process;
    private final Path log;

    private ChildProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a program.
     *
     * @param command the program and its arguments
     * @param environment added to the environment of this JVM
     * @param folder its working folder
     * @param log receives what it prints, appended
     * @throws ServerException if no process can be started; a program that is not found exits with status 127
     */
    public static ChildProcess start(List<String> command, Map<String, String> environment, Path folder, Path log) {
        List<String> gated = new ArrayList<>(List.of("sh", "-c", GATE, "sh"));
        gated.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(gated)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            ChildProcess child = new ChildProcess(builder.start(), log);
            child.guard();
            return child;
        } catch (IOException e) {
            throw new ServerException("cannot start " + command.get(0) + ": " + e.getMessage(), e);
        }
    }

    private static void endAll() {
        ServerUsers.endAll();
        LIVE.forEach(ChildProcess::kill);
        TempFolders.deleteAll();
    }

    private void guard() throws IOException {
        long pid = process.pid();
        Watchdog.guard(pid);
        LIVE.add(this);
        var unused = process.onExit().thenRun(() -> {
            LIVE.remove(this);
            Watchdog.forget(pid);
        });
        try (OutputStream gate = process.getOutputStream()) {
            gate.write('\n');
        } catch (IOException exitedAlready) {
            throw new IOException("the process ended before it began; see " + log, exitedAlready);
        }
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGKILL and waits until the process is gone; also ends a paused one. */
    @Override
    public void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(30));
    }

    /** Sends SIGTERM and returns at once. */
    @Override
    public void terminate() {
        process.destroy();
    }

    /** Sends SIGTERM and waits, then kills. */
    @Override
    public void stop(Duration patience) {
        terminate();
        if (!awaitExit(patience)) {
            kill();
        }
    }

    /** Freezes the process (SIGSTOP). Where the system tells of threads (Linux), all of them stand still when this returns. */
    @Override
    public void pause() {
        signal("STOP");
        Path threads = Path.of("/proc", Long.toString(pid()), "task");
        if (Files.isDirectory(threads)) {
            // One thread takes the signal, and the others run on until it has told them: a broker could still answer.
            Eventually.holds("process " + pid() + " stands still", () -> !isAlive() || standStill(threads));
        }
    }

    private static boolean standStill(Path threads) {
        try (Stream<Path> all = Files.list(threads)) {
            return all.noneMatch(ChildProcess::isRunning);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By the letter after the name, which stands in parentheses and may have some itself; see proc(5). */
    private static boolean isRunning(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
            return "TtZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets a frozen process continue (SIGCONT). */
    @Override
    public void resume() {
        signal("CONT");
    }

    /**
     * Waits for the exit.
     *
     * @return whether the process ended within {@code patience}
     */
    @Override
    public boolean awaitExit(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /**
     * The exit status; 128 plus the signal's number after a signal.
     *
     * @throws IllegalThreadStateException while the process lives
     */
    @Override
    public int exitStatus() {
        return process.exitValue();
    }

    /** The file that receives what the process prints. */
    public Path log() {
        return log;
    }

    /** The last {@code lines} lines of the log. */
    @Override
    public String logTail(int lines) {
        try {
            List<String> all = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the process. */
    @Override
    public void close() {
        kill();
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -s " + name + " " + pid()).start();
            if (kill.waitFor() != 0 && process.isAlive()) {
                throw new ServerException("cannot send SIG" + name + " to process " + pid());
            }
        } catch (IOException e) {
            throw new ServerException("cannot send SIG" + name + ": no POSIX shell on the PATH", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
