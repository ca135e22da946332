package io.oncemq.torture.history;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder of {@link HistoryFile}s as one history: merged while it is read, so only a line of each file is in memory. Used by one thread. */
public final class HistoryFolder implements History {
    private final Path folder;
    private final Set<String> torn = new TreeSet<>();
    private long broken;

    public HistoryFolder(Path folder) {
        this.folder = folder;
    }

    /** How many lines of the last reading were no whole events: what a killed process, or a full disk, left behind. */
    public long brokenLines() {
        return broken;
    }

    @Override
    public Set<String> torn() {
        return Set.copyOf(torn);
    }

    @Override
    public void forEach(Consumer<? super Event> sink) {
        broken = 0;
        torn.clear();
        List<Lines> open = new ArrayList<>();
        try {
            PriorityQueue<Lines> next = new PriorityQueue<>(
                    Comparator.comparingLong(lines -> lines.head().nanos()));
            for (Path path : files()) {
                Lines lines = new Lines(path);
                open.add(lines);
                if (lines.advance()) {
                    next.add(lines);
                }
            }
            for (Lines first = next.poll(); first != null; first = next.poll()) {
                sink.accept(first.head());
                if (first.advance()) {
                    next.add(first);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the history in " + folder, e);
        } finally {
            open.forEach(Lines::close);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.toString().endsWith(HistoryFile.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    /** One file. */
    private final class Lines implements Closeable {
        private final String process;
        private final BufferedReader reader;
        private @Nullable Event head;

        Lines(Path path) throws IOException {
            String name = path.getFileName().toString();
            process = name.substring(0, name.length() - HistoryFile.SUFFIX.length());
            // A line that was cut within a character is a broken line, not a reason to stop.
            reader = new BufferedReader(new InputStreamReader(
                    Files.newInputStream(path),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPLACE)
                            .onUnmappableCharacter(CodingErrorAction.REPLACE)));
        }

        boolean advance() throws IOException {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                head = EventLine.parse(line);
                if (head != null) {
                    return true;
                }
                broken++;
                torn.add(process);
            }
            return false;
        }

        Event head() {
            if (head == null) {
                throw new IllegalStateException("nothing was read yet");
            }
            return head;
        }

        @Override
        public void close() {
            try {
                reader.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
