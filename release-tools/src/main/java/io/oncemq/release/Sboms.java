package io.oncemq.release;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The list of components of each module, in CycloneDX's format: it is about this module and names what the POM names. */
final class Sboms {
    static final String XML = "-cyclonedx.xml";
    private static final String REMEDY = "Look at cyclonedx-maven-plugin in the profile release.";

    private Sboms() {}

    static List<String> problems(Bundle bundle) {
        List<String> problems = new ArrayList<>();
        for (String module : bundle.modules()) {
            Path xml = bundle.file(module, XML);
            Contents.require(bundle, bundle.file(module, "-cyclonedx.json"), REMEDY, problems);
            if (Contents.require(bundle, xml, REMEDY, problems)) {
                compare(bundle, module, Pom.read(xml), problems);
            }
        }
        return problems;
    }

    private static void compare(Bundle bundle, String module, Pom sbom, List<String> problems) {
        String name = bundle.name(bundle.file(module, XML));
        String subject = sbom.text("metadata/component/name") + " " + sbom.text("metadata/component/version");
        if (!subject.equals(module + " " + bundle.version())) {
            problems.add("wrong list of components " + name + ": it is about " + subject + ". " + REMEDY);
        }
        Set<String> components = sbom.all("components/component").stream()
                .map(each -> each.text("group") + ":" + each.text("name") + ":" + each.text("version"))
                .collect(Collectors.toSet());
        for (Pom dependency : Pom.read(bundle.file(module, ".pom")).all("dependencies/dependency")) {
            String coordinates =
                    dependency.text("groupId") + ":" + dependency.text("artifactId") + ":" + dependency.text("version");
            if (!dependency.text("scope").equals("test") && !components.contains(coordinates)) {
                problems.add("incomplete list of components " + name + ": " + coordinates + " is missing. " + REMEDY);
            }
        }
    }
}
