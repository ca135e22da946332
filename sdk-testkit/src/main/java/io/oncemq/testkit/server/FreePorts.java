package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ports of the loopback address that stay free for this JVM while a server that owns one is down.
 *
 * <p>They lie below the range from which systems take the ports of outgoing connections, so that no client can sit on one
 * during a restart, and a lock file keeps other test JVMs of the machine away. Thread-safe.
 */
public final class FreePorts {
    private static final int LOWEST = 12_000;
    private static final int ABOVE_HIGHEST = 30_000;
    private static final int TRIES = 500;
    private static final Map<Integer, FileLock> HELD = new ConcurrentHashMap<>();

    private FreePorts() {}

    /**
     * Reserves a port until the JVM ends or {@link #release} is called.
     *
     * @throws ServerException if 500 random ports were all taken
     */
    public static int reserve() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, ABOVE_HIGHEST);
            if (reserved(port)) {
                return port;
            }
        }
        throw new ServerException("no free port between " + LOWEST + " and " + ABOVE_HIGHEST + " in " + TRIES
                + " tries: are servers of earlier runs still up?");
    }

    /**
     * Reserves a port and the one that lies {@code distance} above it.
     *
     * @return the lower one
     * @throws ServerException if 500 random pairs were all taken
     */
    static int reservePair(int distance) {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, ABOVE_HIGHEST - distance);
            if (reserved(port)) {
                if (reserved(port + distance)) {
                    return port;
                }
                release(port);
            }
        }
        throw new ServerException("no two free ports " + distance + " apart below " + ABOVE_HIGHEST);
    }

    private static boolean reserved(int port) {
        FileLock lock = lock(port);
        if (lock == null) {
            return false;
        }
        HELD.put(port, lock);
        if (!bindable(port)) {
            release(port);
            return false;
        }
        return true;
    }

    /** Gives a reserved port back. */
    public static void release(int port) {
        FileLock lock = HELD.remove(port);
        if (lock != null) {
            try {
                lock.acquiredBy().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static @Nullable FileLock lock(int port) {
        try {
            Path folder =
                    Path.of(System.getProperty("java.io.tmpdir"), "oncemq-ports-" + System.getProperty("user.name"));
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    folder.resolve(Integer.toString(port)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
            }
            return lock;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisJvm) {
            return null;
        }
    }

    private static boolean bindable(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
