package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Folders for servers' data: made below the system's temporary folder and deleted as a whole. */
final class TempFolders {
    private static final Set<Path> LIVE = ConcurrentHashMap.newKeySet();

    private TempFolders() {}

    static Path create(String name) {
        try {
            Path folder = Files.createTempDirectory("oncemq-" + name + "-");
            LIVE.add(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void deleteAll() {
        LIVE.forEach(TempFolders::delete);
    }

    static void delete(Path folder) {
        LIVE.remove(folder);
        try {
            Files.walkFileTree(folder, new Deletion());
        } catch (NoSuchFileException alreadyGone) {
            // deleting is idempotent
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
