package io.oncemq.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts the complete lines of a file that others append to, by their first character. Thread-safe. */
final class LineTally {
    private final Path file;
    private final int[] byFirst = new int[256];
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private long offset;
    private int first = -1;
    private int lines;

    LineTally(Path file) {
        this.file = file;
    }

    synchronized int lines() {
        refresh();
        return lines;
    }

    synchronized int lines(char first) {
        refresh();
        return byFirst[first];
    }

    private void refresh() {
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file)) {
            int read = channel.read(buffer.clear(), offset);
            while (read > 0) {
                offset += read;
                count(buffer.flip());
                read = channel.read(buffer.clear(), offset);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void count(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int b = bytes.get() & 0xff;
            if (b == '\n') {
                lines++;
                if (first >= 0) {
                    byFirst[first]++;
                }
                first = -1;
            } else if (first < 0) {
                first = b;
            }
        }
    }
}
