package io.oncemq.release;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A POM tells all that Maven Central asks for, and needs nothing that is not published. */
final class Poms {
    private static final List<String> REQUIRED = List.of(
            "groupId",
            "artifactId",
            "version",
            "name",
            "description",
            "url",
            "licenses/license/name",
            "licenses/license/url",
            "developers/developer/name",
            "scm/connection",
            "scm/developerConnection",
            "scm/url");
    private static final List<String> UNWANTED =
            List.of("parent", "modules", "repositories", "pluginRepositories", "distributionManagement", "profiles");

    private Poms() {}

    static List<String> problems(Bundle bundle) {
        List<String> problems = new ArrayList<>();
        for (String module : bundle.modules()) {
            Path file = bundle.file(module, ".pom");
            if (Files.exists(file)) {
                Pom pom = Pom.read(file);
                String name = bundle.name(file);
                fields(pom, name, problems);
                dependencies(bundle, pom, name, problems);
            }
        }
        return problems;
    }

    private static void fields(Pom pom, String name, List<String> problems) {
        for (String path : REQUIRED) {
            String text = pom.text(path);
            if (text.isEmpty()) {
                problems.add(
                        "incomplete " + name + ": it has no " + path + ". Add it to the root pom or the module's.");
            } else if (text.contains("${")) {
                problems.add("incomplete " + name + ": " + path + " is " + text + ". Define the property.");
            }
        }
        for (String element : UNWANTED) {
            if (!pom.all(element).isEmpty()) {
                problems.add("unusable " + name + ": it has the element " + element
                        + ", which users cannot resolve. Look at flatten-maven-plugin in the root pom.");
            }
        }
    }

    private static void dependencies(Bundle bundle, Pom pom, String name, List<String> problems) {
        List<Pom> dependencies = Stream.of("dependencies/dependency", "dependencyManagement/dependencies/dependency")
                .flatMap(path -> pom.all(path).stream())
                .toList();
        for (Pom dependency : dependencies) {
            String artifact = dependency.text("artifactId");
            String version = dependency.text("version").replace("${project.version}", bundle.version());
            if (version.isEmpty() || version.contains("${")) {
                problems.add("unusable " + name + ": " + artifact
                        + " has no version. Look at flatten-maven-plugin in the root pom.");
            } else if (version.endsWith("-SNAPSHOT")) {
                problems.add("unusable " + name + ": " + artifact + " is the snapshot " + version + ". Use a release.");
            } else if (dependency.text("groupId").equals(Bundle.GROUP)
                    && !(bundle.modules().contains(artifact) && version.equals(bundle.version()))) {
                problems.add("unusable " + name + ": " + artifact + " " + version
                        + " is not part of this release. Remove the dependency, or publish the module.");
            }
        }
    }
}
