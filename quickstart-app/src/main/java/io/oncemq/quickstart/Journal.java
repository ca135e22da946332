package io.oncemq.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Path;

/**
 * What a consumer process tells of itself: one line per happening, one system call per line, so that a kill loses none that
 * was told before. Thread-safe.
 */
final class Journal implements Closeable {
    /** What a line tells; its first character is the kind's code. */
    enum Kind {
        SUBSCRIBED('U'),
        ASSIGNED('A'),
        HANDLING('H'),
        DONE('D'),
        SUPPRESSED('S'),
        DEAD_LETTERED('L'),
        OTHER('O');

        private final char code;

        Kind(char code) {
            this.code = code;
        }

        char code() {
            return code;
        }
    }

    /** Not a channel: an interrupted handler would close that for all. */
    private final OutputStream file;

    Journal(Path path) throws IOException {
        file = new FileOutputStream(path.toFile(), true);
    }

    void tell(Kind kind, String text) {
        byte[] line = (kind.code() + " " + URLEncoder.encode(text, UTF_8) + "\n").getBytes(UTF_8);
        try {
            file.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
