package io.oncemq.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of one release in the layout of a Maven repository. */
record Bundle(Path folder, String version, List<String> modules) {
    static final String GROUP = "io.oncemq";

    Path home(String module) {
        return folder.resolve("io/oncemq").resolve(module).resolve(version);
    }

    /** For example {@code file("sdk-api", "-sources.jar")}. */
    Path file(String module, String ending) {
        return home(module).resolve(module + "-" + version + ending);
    }

    /** A module without a jar has its POM only. */
    boolean hasJar(String module) {
        Path pom = file(module, ".pom");
        return !Files.exists(pom) || !Pom.read(pom).text("packaging").equals("pom");
    }

    /** Every file that is published, in a fixed order. A repository's own index of versions is not. */
    List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("maven-metadata"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files that are neither a checksum nor a signature. */
    List<Path> contents() {
        return files().stream()
                .filter(file -> !file.toString().matches(".*\\.(asc|md5|sha1|sha256|sha512)"))
                .toList();
    }

    String name(Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }
}
