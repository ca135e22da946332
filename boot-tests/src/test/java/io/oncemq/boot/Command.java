package io.oncemq.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A child process that ran to its end. */
record Command(int status, String output) {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Runs it in {@code folder}; blocks. One that does not end is killed, and its output is in the exception. */
    static Command run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("command", ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(command + " has not ended:\n" + Files.readString(log));
            }
            return new Command(process.exitValue(), Files.readString(log));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(log);
        }
    }
}
