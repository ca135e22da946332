package io.oncemq.testkit.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/**
 * Resolved class paths, one small file each below the user's cache folder. An entry counts only while all its files
 * exist. It is an accelerator: a cache that cannot be read or written is passed over.
 */
final class ClassPathCache {
    private final Path folder;

    ClassPathCache(Path folder) {
        this.folder = folder;
    }

    List<Path> get(String key, Supplier<List<Path>> resolution) {
        Path entry = folder.resolve(digest(MavenSettings.localRepositoryOverride() + "\n" + key));
        List<Path> known = read(entry);
        if (!known.isEmpty() && known.stream().allMatch(Files::isRegularFile)) {
            return known;
        }
        List<Path> resolved = resolution.get();
        write(entry, resolved);
        return resolved;
    }

    private static List<Path> read(Path entry) {
        try {
            return Files.readAllLines(entry).stream().map(Path::of).toList();
        } catch (IOException notCached) {
            return List.of();
        }
    }

    private void write(Path entry, List<Path> files) {
        try {
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(folder, "draft", null);
            Files.write(draft, files.stream().map(Path::toString).toList());
            Files.move(draft, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException ignoredBecauseOnlySpeedIsLost) {
            // the next start resolves again
        }
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
