package io.oncemq.torture.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events of one process, appended to a file of its own. Each line is one {@code write}, so that what was appended survives a kill of
 * the process, whole. Lines stand in the order of their times. Thread-safe, also in threads that get interrupted.
 */
public final class HistoryFile implements AutoCloseable {
    /** How a history's files end. */
    public static final String SUFFIX = ".jsonl";

    private final ReentrantLock lock = new ReentrantLock();
    private final String process;
    private final OutputStream file;

    private HistoryFile(String process, OutputStream file) {
        this.process = process;
        this.file = file;
    }

    /** @param process the name of this incarnation; it names the file in the folder, too, and no other may have it */
    public static HistoryFile open(Path folder, String process) {
        try {
            Path path = folder.resolve(process + SUFFIX);
            return new HistoryFile(process, new FileOutputStream(path.toFile(), true));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the history of " + process, e);
        }
    }

    /** The name of this incarnation. */
    public String process() {
        return process;
    }

    /** Appends an event that happens now. When this returns, the line is in the file. */
    void append(Event event) {
        lock.lock();
        try {
            file.write((EventLine.write(event.at(System.nanoTime(), process)) + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot append to the history of " + process, e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
