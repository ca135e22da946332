package io.oncemq.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;

/** The modules that users need, each with its jars, and nothing else. */
final class Contents {

    private Contents() {}

    static List<String> modules(Bundle bundle) {
        List<String> problems = new ArrayList<>();
        for (String module : bundle.modules()) {
            require(bundle, bundle.file(module, ".pom"), "Build the module.", problems);
            if (bundle.hasJar(module)) {
                require(bundle, bundle.file(module, ".jar"), "Build the module.", problems);
            }
        }
        for (Path file : bundle.contents()) {
            if (bundle.modules().stream().noneMatch(module -> file.startsWith(bundle.home(module)))) {
                problems.add("unexpected file " + bundle.name(file)
                        + ": it belongs to no published module of this version. Set maven.deploy.skip in its POM.");
            }
        }
        return problems;
    }

    static List<String> sources(Bundle bundle) {
        return jars(bundle, "-sources.jar", ".java", "maven-source-plugin");
    }

    static List<String> javadoc(Bundle bundle) {
        return jars(bundle, "-javadoc.jar", "index.html", "maven-javadoc-plugin");
    }

    private static List<String> jars(Bundle bundle, String ending, String entry, String plugin) {
        List<String> problems = new ArrayList<>();
        for (String module : bundle.modules()) {
            Path jar = bundle.file(module, ending);
            if (bundle.hasJar(module)
                    && require(bundle, jar, "Look at " + plugin + " in the profile release.", problems)
                    && !contains(jar, entry)) {
                problems.add("empty file " + bundle.name(jar) + ": it has no entry that ends with " + entry
                        + ". Look at " + plugin + " in the profile release.");
            }
        }
        return problems;
    }

    static boolean require(Bundle bundle, Path file, String remedy, List<String> problems) {
        if (Files.exists(file)) {
            return true;
        }
        problems.add("missing file " + bundle.name(file) + ": Maven Central asks for it. " + remedy);
        return false;
    }

    private static boolean contains(Path jar, String ending) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().anyMatch(entry -> entry.getName().endsWith(ending));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
