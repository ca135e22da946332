package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a server to become ready, and says why it did not. */
final class Readiness {
    private static final int TAIL = 40;

    private Readiness() {}

    /**
     * @throws ServerException with the end of the log if the server exits or {@code patience} is spent
     */
    static void await(String name, ServerRun server, Duration patience, BooleanSupplier ready) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!ready.getAsBoolean()) {
            if (!server.isAlive()) {
                throw new ServerException(name + " exited with status " + server.exitStatus() + " while starting:\n"
                        + server.logTail(TAIL));
            }
            if (System.nanoTime() - deadline > 0) {
                server.kill();
                throw new ServerException(name + " was not ready within " + patience + ":\n" + server.logTail(TAIL));
            }
            if (Thread.currentThread().isInterrupted()) {
                server.kill();
                throw new ServerException("interrupted while " + name + " started");
            }
            LockSupport.parkNanos(server.askEvery().toNanos());
        }
    }

    static long size(Path log) {
        try {
            return Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the log contains a text after a position. */
    static boolean logged(Path log, long from, String text) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] bytes = new byte[Math.toIntExact(Math.max(0, file.length() - from))];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
