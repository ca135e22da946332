package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * A jar with one class that starts a broker and nothing else, so that no other class of the testkit or of a test gets near the
 * broker. A jar and not a folder, because the JVM archives classes of jars only.
 */
final class LauncherJar {
    private LauncherJar() {}

    static Path with(Class<?> main) {
        byte[] bytes = bytecode(main);
        Path jar = CacheFolder.path().resolve("launcher-" + Integer.toHexString(Arrays.hashCode(bytes)) + ".jar");
        try {
            if (!Files.isRegularFile(jar)) {
                write(jar, main, bytes);
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + jar, e);
        }
    }

    private static void write(Path jar, Class<?> main, byte[] bytes) throws IOException {
        Files.createDirectories(jar.getParent());
        Path draft = Files.createTempFile(jar.getParent(), "draft", null);
        try (OutputStream file = Files.newOutputStream(draft);
                JarOutputStream out = new JarOutputStream(file)) {
            JarEntry entry = new JarEntry(main.getName().replace('.', '/') + ".class");
            entry.setLastModifiedTime(FileTime.fromMillis(0));
            out.putNextEntry(entry);
            out.write(bytes);
        }
        Files.move(draft, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] bytecode(Class<?> main) {
        try (InputStream bytes = main.getResourceAsStream(main.getSimpleName() + ".class")) {
            if (bytes == null) {
                throw new ServerException(main.getSimpleName() + ".class is missing from the testkit's jar");
            }
            return bytes.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
