package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.CrashPolicy;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand.Type;
import io.oncemq.testkit.server.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Somebody has the server forget its scripts all the time, say a deployment job that hangs in a loop. */
class RedisScriptFlushIT {
    private static final int BATCHES = 300;
    /** However long their threads stand still. */
    private static final int FLUSHES = 300;

    @Test
    void everyCallIsAnsweredThoughScriptsAreForgottenInALoop() throws Exception {
        try (RedisServer redis = RedisServer.started();
                IdempotencyStore store = RedisIdempotency.at(redis.uri())
                        .timeout(Duration.ofSeconds(30))
                        .open();
                Flushing first = new Flushing(redis.port());
                Flushing second = new Flushing(redis.port())) {
            ClaimStore claims = store.group("flushed", CrashPolicy.REPROCESS, Duration.ofMinutes(5));
            for (int i = 0; i < BATCHES || Math.min(first.flushes, second.flushes) < FLUSHES; i++) {
                assertThat(apply(claims, Type.CLAIM, i)).as("batch %d", i).containsOnly(Kind.ACQUIRED);
                assertThat(apply(claims, Type.COMPLETE, i)).as("batch %d", i).containsOnly(Kind.OK);
            }
            assertThat(List.of(first.thread, second.thread)).allMatch(Thread::isAlive);
        }
    }

    private static List<Kind> apply(ClaimStore claims, Type type, int batch) {
        return StoreCalls.kinds(claims, type, batch * 10L, 10, 1);
    }

    /** Sends the command again as soon as it is answered. */
    private static final class Flushing implements AutoCloseable {
        private static final byte[] COMMAND = "SCRIPT FLUSH\r\n".getBytes(StandardCharsets.UTF_8);

        private final Socket socket;
        private final Thread thread;
        private volatile int flushes;

        Flushing(int port) throws IOException {
            socket = new Socket("127.0.0.1", port);
            flushOnce();
            thread = new Thread(this::run, "flushing");
            thread.start();
        }

        private void run() {
            try {
                while (flushOnce()) {
                    flushes++;
                }
            } catch (IOException closed) {
                // by close
            }
        }

        private boolean flushOnce() throws IOException {
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            out.write(COMMAND);
            int c = in.read();
            while (c >= 0 && c != '\n') {
                c = in.read();
            }
            return c >= 0;
        }

        @Override
        public void close() throws Exception {
            socket.close();
            thread.join();
        }
    }
}
