package io.oncemq.testkit.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves bytes one way. One thread reads and stamps them with the time at which they are due, another one writes them
 * then, so that a delay does not limit the throughput. The queue between them is bounded: a partition blocks the sender
 * as a full TCP window does.
 */
final class Pump {
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int CHUNKS = 256;

    private final ProxyConnection connection;
    private final Faults faults;
    private final Direction direction;
    private final Socket from;
    private final Socket to;
    private final BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(CHUNKS);

    private enum Kind {
        BYTES,
        END,
        RESET
    }

    private static final class Chunk {
        private final Kind kind;
        private final byte[] bytes;
        private final long dueNanos;

        private Chunk(Kind kind, byte[] bytes, long dueNanos) {
            this.kind = kind;
            this.bytes = bytes;
            this.dueNanos = dueNanos;
        }
    }

    Pump(ProxyConnection connection, Faults faults, Direction direction, Socket from, Socket to) {
        this.connection = connection;
        this.faults = faults;
        this.direction = direction;
        this.from = from;
        this.to = to;
    }

    void read() {
        try {
            put(readToEnd(), new byte[0]);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private Kind readToEnd() throws InterruptedException {
        byte[] buffer = new byte[CHUNK_BYTES];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                put(Kind.BYTES, Arrays.copyOf(buffer, count));
            }
            return Kind.END;
        } catch (IOException broken) {
            return Kind.RESET;
        }
    }

    private void put(Kind kind, byte[] bytes) throws InterruptedException {
        queue.put(new Chunk(kind, bytes, System.nanoTime() + faults.delayNanos()));
    }

    void write() {
        try {
            OutputStream out = to.getOutputStream();
            Chunk chunk = next();
            while (chunk.kind == Kind.BYTES) {
                int count = direction.admit(chunk.bytes);
                direction.forwarding(count);
                out.write(chunk.bytes, 0, count);
                direction.forwarded();
                if (connection.ended()) {
                    // Perhaps by this very chunk, before the thread was known to those who interrupt: nothing may
                    // follow bytes that were lost.
                    return;
                }
                chunk = next();
            }
            if (chunk.kind == Kind.RESET) {
                connection.reset();
            } else {
                if (!to.isOutputShutdown()) {
                    to.shutdownOutput();
                }
                connection.directionDone();
            }
        } catch (IOException otherSideGone) {
            connection.reset();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private Chunk next() throws InterruptedException {
        Chunk chunk = queue.take();
        awaitDue(chunk);
        faults.awaitFlow();
        return chunk;
    }

    private void awaitDue(Chunk chunk) throws InterruptedException {
        long left = chunk.dueNanos - System.nanoTime();
        while (left > 0) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(this, left);
            left = chunk.dueNanos - System.nanoTime();
        }
    }
}
