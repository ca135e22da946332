package io.oncemq.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The compiled classes of every module, read from the build folders: a module's tests are on no class path but its own. */
final class CompiledClasses {

    private CompiledClasses() {}

    static JavaClasses main() {
        return in(List.of("classes"));
    }

    static JavaClasses mainAndTests() {
        return in(List.of("classes", "test-classes"));
    }

    /** A rule about a module may find no class only for this reason, never because the module was not built. */
    static boolean hasNoSources(String module) {
        return !Files.isDirectory(root().resolve(module).resolve("src/main/java"));
    }

    /** A module lies in the root or in a folder of modules. */
    private static JavaClasses in(List<String> folders) {
        try (Stream<Path> files = Files.walk(root(), 2)) {
            List<Path> paths = files.filter(file -> Files.exists(file.resolve("pom.xml")))
                    .flatMap(module -> folders.stream().map(folder -> module.resolve("target/" + folder)))
                    .filter(Files::isDirectory)
                    .toList();
            return new ClassFileImporter().importPaths(paths);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("sdk-bom"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
