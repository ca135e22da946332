package io.oncemq.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The application in {@code src/test/project}, in a folder of its own and with the versions of one row of the matrix. */
final class Shop {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path REPOSITORY = MODULE.resolve("target/repository");

    private final Path folder;

    private Shop(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes it as a user would, and builds it with Maven.
     *
     * @param dependencies elements of its pom beside the starter and the store
     */
    static Shop built(Path folder, String boot, Versions versions, String dependencies)
            throws IOException, InterruptedException {
        LocalRepository.create(
                REPOSITORY, MODULE.getParent(), Path.of(System.getProperty("oncemq.test.localRepository")));
        Path project = MODULE.resolve("src/test/project");
        try (Stream<Path> files = Files.walk(project)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(project.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        Path pom = folder.resolve("pom.xml");
        Files.writeString(
                pom,
                Files.readString(pom)
                        .replace("@boot@", boot)
                        .replace("@properties@", versions.elements())
                        .replace("@dependencies@", dependencies));
        Command maven = Command.run(
                folder,
                List.of(
                        System.getProperty("oncemq.test.maven"),
                        "-B",
                        "-ntp",
                        "-q",
                        "-Dmaven.repo.local=" + REPOSITORY,
                        "package"));
        assertThat(maven.status()).as("mvn package:%n%s", maven.output()).isZero();
        return new Shop(folder);
    }

    /** Starts it and waits for its end. */
    Command run(String transport, String idempotency) throws IOException, InterruptedException {
        return Command.run(
                folder,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Drocketmq.client.logRoot=" + folder,
                        "-jar",
                        "target/shop-1.0.0.jar",
                        "--oncemq.transport=" + transport,
                        "--oncemq.idempotency=" + idempotency));
    }

    /** The jars on its class path. */
    List<Path> libraries() throws IOException {
        List<Path> libraries = new ArrayList<>();
        Path unpacked = Files.createDirectories(folder.resolve("target/libraries"));
        try (JarFile jar = new JarFile(folder.resolve("target/shop-1.0.0.jar").toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                if (entry.getName().startsWith("BOOT-INF/lib/")
                        && entry.getName().endsWith(".jar")) {
                    Path library = unpacked.resolve(
                            Path.of(entry.getName()).getFileName().toString());
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.copy(in, library);
                    }
                    libraries.add(library);
                }
            }
        }
        return libraries;
    }
}
