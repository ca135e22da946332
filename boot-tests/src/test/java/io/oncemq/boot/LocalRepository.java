package io.oncemq.boot;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A local repository of Maven that has this build's artifacts and shares everything else with the usual one, by links: what Maven downloads
 * is there for the next run, and nothing of OnceMQ gets into the usual one.
 */
final class LocalRepository {
    private static final String VERSION = "0.1.0-SNAPSHOT";
    private static final List<String> MODULES = List.of(
            "sdk-bom",
            "sdk-api",
            "sdk-core",
            "sdk-jackson",
            "sdk-kafka",
            "sdk-rabbit",
            "sdk-rocket",
            "sdk-jms",
            "sdk-dedup-redis",
            "sdk-micrometer",
            "sdk-spring-boot-starter");

    private LocalRepository() {}

    /**
     * Makes it in {@code folder}.
     *
     * @param root the folder of this build, whose modules are packaged
     * @param usual the repository that Maven uses otherwise
     */
    static void create(Path folder, Path root, Path usual) throws IOException {
        Path own = Files.createDirectories(folder.resolve("io/oncemq"));
        link(usual, folder, "io");
        if (Files.isDirectory(usual.resolve("io"))) {
            link(usual.resolve("io"), folder.resolve("io"), "oncemq");
        }
        for (String module : MODULES) {
            Path artifact = Files.createDirectories(own.resolve(module).resolve(VERSION));
            String name = module + "-" + VERSION;
            copy(root.resolve(module).resolve(".flattened-pom.xml"), artifact.resolve(name + ".pom"));
            if (!module.equals("sdk-bom")) {
                copy(root.resolve(module).resolve("target").resolve(name + ".jar"), artifact.resolve(name + ".jar"));
            }
        }
    }

    private static void link(Path from, Path to, String except) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            for (Path entry : entries) {
                Path link = to.resolve(entry.getFileName());
                if (!entry.endsWith(except) && Files.notExists(link)) {
                    Files.createSymbolicLink(link, entry.toAbsolutePath());
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
}
