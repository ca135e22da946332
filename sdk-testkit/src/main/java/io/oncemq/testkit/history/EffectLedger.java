package io.oncemq.testkit.history;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An append-only file of events, one JSON object per line, that any number of processes write at once.
 *
 * <p>Each line is one {@code write} to a file opened for appending, so lines of different processes do not mix, and what
 * was appended survives a kill of the process (not a crash of the machine: nothing is forced to disk). The ledger never
 * deduplicates. Appending is thread-safe, and safe in threads that get interrupted.
 */
public final class EffectLedger implements AutoCloseable {
    /** A stream and not a channel: a channel is closed for all threads when one of them is interrupted. */
    private final OutputStream file;

    private EffectLedger(OutputStream file) {
        this.file = file;
    }

    /** Opens a ledger for appending; creates it if it does not exist. */
    public static EffectLedger open(Path path) {
        try {
            return new EffectLedger(new FileOutputStream(path.toFile(), true));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the ledger " + path, e);
        }
    }

    /**
     * Appends an event. When this returns, the line is in the file.
     *
     * @throws UncheckedIOException if it cannot be written; part of the line may be in the file
     */
    public void append(Event event) {
        byte[] line = (EventJson.write(event) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            file.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot append to the ledger", e);
        }
    }

    /** Appends an effect that happens now in this process. */
    public void effect(String key, String id, long sequence, int attempt, @Nullable Long token) {
        append(Event.now(EventKind.EFFECT, key, id, sequence, attempt, token));
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a ledger in the order in which it was written. A line that a killed process wrote in part is counted and
     * passed over; the line of another process after it is found.
     *
     * @return how many events were read, and how many lines were torn
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Reading read(Path path, Consumer<Event> sink) {
        long events = 0;
        long torn = 0;
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Event event = parse(line);
                if (event == null) {
                    torn++;
                    event = parse(line.substring(Math.max(0, line.lastIndexOf(EventJson.START))));
                }
                if (event != null) {
                    events++;
                    sink.accept(event);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the ledger " + path, e);
        }
        return new Reading(events, torn);
    }

    private static @Nullable Event parse(String line) {
        try {
            return EventJson.parse(line);
        } catch (IllegalArgumentException torn) {
            return null;
        }
    }

    /**
     * What a ledger held.
     *
     * @param events whole events
     * @param torn lines of which only a part was written
     */
    public record Reading(long events, long torn) {}
}
