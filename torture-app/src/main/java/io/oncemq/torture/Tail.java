package io.oncemq.torture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Follows the histories of the consumer processes while they grow: how far the run is. Thread-safe. */
final class Tail {
    private static final String PREFIX = "consumer-";

    private final Path folder;
    private final Map<Path, Position> positions = new HashMap<>();
    private final Set<String> settled = new HashSet<>();
    private final Set<String> deadLetters = new HashSet<>();
    private final Map<String, Long> inFlight = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private long effects;

    private static final class Position {
        private long offset;
        private String rest = "";
    }

    Tail(Path folder) {
        this.folder = folder;
    }

    /** Reads what is new. */
    synchronized void refresh() {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files = all.filter(path -> path.getFileName().toString().startsWith(PREFIX))
                    .toList();
            for (Path file : files) {
                read(file, positions.computeIfAbsent(file, fresh -> new Position()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Path file, Position position) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            for (int read = channel.read(buffer.clear(), position.offset);
                    read > 0;
                    read = channel.read(buffer.clear(), position.offset)) {
                position.offset += read;
                String text = position.rest + new String(buffer.array(), 0, read, ISO_8859_1);
                int start = 0;
                for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
                    line(text.substring(start, end));
                    start = end + 1;
                }
                position.rest = text.substring(start);
            }
        }
    }

    private void line(String line) {
        switch (field(line, "kind")) {
            case "EFFECT" -> {
                effects++;
                settled.add(field(line, "id"));
            }
            case "DEAD_LETTER_SENT" -> deadLetters.add(field(line, "id"));
            case "STORE_ANSWERED" -> {
                String text = field(line, "text");
                // The latter, when who sent the letter was killed before the store's answer.
                if (text.startsWith("DEAD_LETTERED ") || text.equals("CLAIM DEAD_LETTERED")) {
                    settled.add(field(line, "id"));
                }
            }
            case "ALIVE" -> inFlight.put(field(line, "process"), number(line));
            default -> {}
        }
    }

    /** What the run's own ids and words need of JSON: there is nothing to unescape in them. */
    private static String field(String line, String name) {
        String before = "\"" + name + "\":\"";
        int start = line.indexOf(before);
        if (start < 0) {
            return "";
        }
        int from = start + before.length();
        return line.substring(from, line.indexOf('"', from));
    }

    private static long number(String line) {
        int start = line.indexOf("\"number\":");
        if (start < 0) {
            return 0;
        }
        int from = start + "\"number\":".length();
        int to = from;
        while (to < line.length() && Character.isDigit(line.charAt(to))) {
            to++;
        }
        return Long.parseLong(line.substring(from, to));
    }

    synchronized long effects() {
        return effects;
    }

    /** Of the messages, how many have neither an effect nor become a dead letter. */
    synchronized long missing(Set<String> ids) {
        return ids.stream().filter(id -> !settled.contains(id)).count();
    }

    /** Of the messages, some that have neither an effect nor become a dead letter. */
    synchronized List<String> someMissing(Set<String> ids) {
        return ids.stream().filter(id -> !settled.contains(id)).limit(5).toList();
    }

    /** Messages of which a dead letter was sent. */
    synchronized Set<String> deadLetters() {
        return Set.copyOf(deadLetters);
    }

    /** What a process last said to have received and not acknowledged; -1 if it has said nothing yet. */
    synchronized long inFlight(String process) {
        return inFlight.getOrDefault(process, -1L);
    }
}
