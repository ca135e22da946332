package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One small shell process per JVM that kills the JVM's servers when the JVM is gone.
 *
 * <p>It reads the pids to guard from a pipe whose other end only this JVM holds, so it sees the end of the pipe however
 * the JVM ends, kill -9 included. It stands outside the servers, so it also ends one that is stopped by SIGSTOP and
 * could not watch over itself. It ignores the signals that a terminal sends to the whole process group.
 */
final class Watchdog {
    private static final String SCRIPT = """
            trap '' INT TERM HUP QUIT
            pids=''
            while read -r op pid; do
              case $op in
                +) pids="$pids $pid" ;;
                -) left=''
                   for p in $pids; do [ "$p" = "$pid" ] || left="$left $p"; done
                   pids=$left ;;
              esac
            done
            for p in $pids; do kill -9 "$p" 2>/dev/null; done
            """;

    private static @Nullable Watchdog running;

    private final Process shell;
    private final OutputStream pipe;

    private Watchdog(Process shell) {
        this.shell = shell;
        this.pipe = shell.getOutputStream();
    }

    static synchronized void guard(long pid) {
        if (running == null || !running.shell.isAlive()) {
            running = new Watchdog(spawn());
        }
        running.send("+ " + pid);
    }

    static synchronized void forget(long pid) {
        if (running != null && running.shell.isAlive()) {
            running.send("- " + pid);
        }
    }

    /** The watchdog's own pid; -1 while there is none. */
    static synchronized long pid() {
        return running == null ? -1 : running.shell.pid();
    }

    private static Process spawn() {
        try {
            return new ProcessBuilder("sh", "-c", SCRIPT)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new ServerException("no POSIX shell to watch over child processes: 'sh' must be on the PATH", e);
        }
    }

    private void send(String line) {
        try {
            pipe.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        } catch (IOException e) {
            throw new ServerException(
                    "the watchdog of child processes is gone; nothing would end them with this JVM", e);
        }
    }
}
