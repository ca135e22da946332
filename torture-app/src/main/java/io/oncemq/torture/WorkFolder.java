package io.oncemq.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder of a run, made anew: histories, orders, logs, and the report; it stays. So does the one of the run before, beside it. */
record WorkFolder(Path path) {
    static WorkFolder fresh(Path path) {
        try {
            Path before = path.resolveSibling(path.getFileName() + ".before");
            if (Files.exists(path)) {
                delete(before);
                Files.move(path, before);
            }
            Files.createDirectories(path.resolve("history"));
            return new WorkFolder(path.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path file(String name) {
        return path.resolve(name);
    }

    /** Where each process writes a file of its own. */
    Path history() {
        return path.resolve("history");
    }

    private static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException gone) {
            return;
        }
        for (Path each : deepestFirst) {
            Files.deleteIfExists(each);
        }
    }
}
