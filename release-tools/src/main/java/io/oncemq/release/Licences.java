package io.oncemq.release;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Every third-party component can be used under a licence that asks nothing of an application beyond notices. */
final class Licences {
    private static final Set<String> PERMITTED = Set.of(
            "Apache-2.0",
            "AL 2.0",
            "MIT",
            "MIT-0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "EPL-1.0",
            "EPL-2.0",
            "Public Domain",
            "Eclipse Distribution License - v 1.0",
            "Go License");

    private Licences() {}

    /** Component to licences; a component under several may be used under any of them. */
    static Map<String, Set<String>> list(Bundle bundle) {
        Map<String, Set<String>> list = new TreeMap<>();
        for (String module : bundle.modules()) {
            Path sbom = bundle.file(module, Sboms.XML);
            if (Files.exists(sbom)) {
                for (Pom component : Pom.read(sbom).all("components/component")) {
                    if (!component.text("group").equals(Bundle.GROUP)) {
                        String name = component.text("group") + ":" + component.text("name") + ":"
                                + component.text("version");
                        list.computeIfAbsent(name, key -> new TreeSet<>()).addAll(of(component));
                    }
                }
            }
        }
        return list;
    }

    static List<String> problems(Bundle bundle) {
        List<String> problems = new ArrayList<>();
        list(bundle).forEach((component, licences) -> {
            if (licences.isEmpty()) {
                problems.add("unknown licence of " + component + ": its POM names none. Replace the dependency.");
            } else if (licences.stream().noneMatch(PERMITTED::contains)) {
                problems.add("licence of " + component + " is not permitted: it is " + String.join(" or ", licences)
                        + ". Replace the dependency, or permit the licence in Licences.java.");
            }
        });
        return problems;
    }

    private static Set<String> of(Pom component) {
        Set<String> licences = new TreeSet<>();
        for (Pom licence : component.all("licenses/license")) {
            String id = licence.text("id");
            licences.add(id.isEmpty() ? licence.text("name") : id);
        }
        component.all("licenses/expression").forEach(expression -> {
            for (String part : expression.root().getTextContent().split("[()\\s]+|\\bOR\\b", -1)) {
                if (!part.isBlank()) {
                    licences.add(part.strip());
                }
            }
        });
        return licences;
    }
}
