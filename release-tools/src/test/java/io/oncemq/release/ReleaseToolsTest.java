package io.oncemq.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A complete bundle passes; each thing that is taken away from it is named by its check, and by no other. */
class ReleaseToolsTest {
    @TempDir
    Path folder;

    private Bundle bundle;

    @BeforeEach
    void twoEqualBuilds() throws IOException {
        bundle = ExampleBundle.in(folder.resolve("one"));
        ExampleBundle.in(folder.resolve("two"));
    }

    @Test
    void aCompleteBundleIsPackedWithAListOfLicences() throws IOException {
        List<String> lines = check();
        assertEquals(
                "{\"version\":\"0.1.0\",\"modules\":2,\"files\":36,\"problems\":0,\"problemsPerCheck\":{\"modules\":0,"
                        + "\"sources\":0,\"javadoc\":0,\"poms\":0,\"checksums\":0,\"signatures\":0,\"components\":0,"
                        + "\"licences\":0,\"reproducible\":0}}",
                lines.get(lines.size() - 1),
                () -> String.join("\n", lines));
        assertEquals("org.slf4j:slf4j-api:2.0  MIT\n", Files.readString(folder.resolve("out/licences.txt")));
        assertTrue(Files.size(folder.resolve("out/oncemq-0.1.0-bundle.zip")) > 0);
    }

    @Test
    void aModuleThatIsNotForUsersIsNamed() throws IOException {
        Files.createDirectories(bundle.home("bench"));
        both("bench/0.1.0/bench-0.1.0.jar", file -> ExampleBundle.jar(file, "A.class"));
        assertProblem(
                "modules: unexpected file io/oncemq/bench/0.1.0/bench-0.1.0.jar: it belongs to no published module");
    }

    @Test
    void aMissingJarIsNamed() throws IOException {
        both("sdk-api/0.1.0/sdk-api-0.1.0.jar", ReleaseToolsTest::remove);
        assertProblem("modules: missing file io/oncemq/sdk-api/0.1.0/sdk-api-0.1.0.jar");
    }

    @Test
    void aJarWithoutSourcesIsNamed() throws IOException {
        both("sdk-api/0.1.0/sdk-api-0.1.0-sources.jar", ReleaseToolsTest::remove);
        assertProblem("sources: missing file io/oncemq/sdk-api/0.1.0/sdk-api-0.1.0-sources.jar");
    }

    @Test
    void anEmptyJarOfSourcesIsNamed() throws IOException {
        both("sdk-api/0.1.0/sdk-api-0.1.0-sources.jar", file -> ExampleBundle.jar(file, "META-INF/MANIFEST.MF"));
        assertProblem("sources: empty file io/oncemq/sdk-api/0.1.0/sdk-api-0.1.0-sources.jar");
    }

    @Test
    void aJarWithoutJavadocIsNamed() throws IOException {
        both("sdk-api/0.1.0/sdk-api-0.1.0-javadoc.jar", ReleaseToolsTest::remove);
        assertProblem("javadoc: missing file io/oncemq/sdk-api/0.1.0/sdk-api-0.1.0-javadoc.jar");
    }

    @Test
    void aPomWithoutScmIsNamed() throws IOException {
        pom("sdk-api", "<connection>scm:git:x</connection>", "");
        assertProblem("poms: incomplete io/oncemq/sdk-api/0.1.0/sdk-api-0.1.0.pom: it has no scm/connection");
    }

    @Test
    void aPomWithAnUndefinedPropertyIsNamed() throws IOException {
        pom("sdk-api", "a description", "${text}");
        assertProblem("poms: incomplete io/oncemq/sdk-api/0.1.0/sdk-api-0.1.0.pom: description is ${text}");
    }

    @Test
    void aPomThatNeedsAParentIsNamed() throws IOException {
        pom("sdk-api", "<name>", "<parent><artifactId>oncemq-parent</artifactId></parent><name>");
        assertProblem("poms: unusable io/oncemq/sdk-api/0.1.0/sdk-api-0.1.0.pom: it has the element parent");
    }

    @Test
    void aDependencyOnAModuleThatIsNotPublishedIsNamed() throws IOException {
        pom("sdk-bom", "<artifactId>sdk-api</artifactId>", "<artifactId>bench</artifactId>");
        assertProblem(
                "poms: unusable io/oncemq/sdk-bom/0.1.0/sdk-bom-0.1.0.pom: bench 0.1.0 is not part of this release");
    }

    @Test
    void aDependencyOnASnapshotIsNamed() throws IOException {
        pom(
                "sdk-bom",
                "<artifactId>sdk-api</artifactId><version>${project.version}",
                "<artifactId>sdk-api</artifactId><version>0.1.0-SNAPSHOT");
        assertProblem(
                "poms: unusable io/oncemq/sdk-bom/0.1.0/sdk-bom-0.1.0.pom: sdk-api is the snapshot 0.1.0-SNAPSHOT");
    }

    @Test
    void aMissingChecksumIsNamed() throws IOException {
        remove(bundle.file("sdk-api", ".jar.sha1"));
        assertProblem("checksums: missing file io/oncemq/sdk-api/0.1.0/sdk-api-0.1.0.jar.sha1");
    }

    @Test
    void aChecksumOfAnotherFileIsNamed() throws IOException {
        Files.writeString(bundle.file("sdk-api", ".jar.md5"), "0");
        assertProblem("checksums: wrong checksum io/oncemq/sdk-api/0.1.0/sdk-api-0.1.0.jar.md5");
    }

    @Test
    void aMissingSignatureIsNamed() throws IOException {
        remove(bundle.file("sdk-bom", ".pom.asc"));
        assertProblem("signatures: missing file io/oncemq/sdk-bom/0.1.0/sdk-bom-0.1.0.pom.asc");
    }

    @Test
    void aSignatureOfAnotherKeyIsNamed() {
        ExampleBundle.seal(bundle.file("sdk-bom", ".pom"), SigningKey.throwAway());
        assertProblem("signatures: wrong signature io/oncemq/sdk-bom/0.1.0/sdk-bom-0.1.0.pom.asc");
    }

    @Test
    void aSignatureOfAnotherFileIsNamed() throws IOException {
        Files.copy(
                bundle.file("sdk-api", ".pom.asc"),
                bundle.file("sdk-bom", ".pom.asc"),
                StandardCopyOption.REPLACE_EXISTING);
        assertProblem("signatures: wrong signature io/oncemq/sdk-bom/0.1.0/sdk-bom-0.1.0.pom.asc");
    }

    @Test
    void aMissingListOfComponentsIsNamed() throws IOException {
        both("sdk-api/0.1.0/sdk-api-0.1.0-cyclonedx.json", ReleaseToolsTest::remove);
        assertProblem("components: missing file io/oncemq/sdk-api/0.1.0/sdk-api-0.1.0-cyclonedx.json");
    }

    @Test
    void aDependencyThatIsNotListedIsNamed() throws IOException {
        both(
                "sdk-api/0.1.0/sdk-api-0.1.0-cyclonedx.xml",
                file -> ExampleBundle.change(file, "<name>slf4j-api</name>", "<name>other</name>"));
        assertProblem("components: incomplete list of components io/oncemq/sdk-api/0.1.0/sdk-api-0.1.0-cyclonedx.xml:"
                + " org.slf4j:slf4j-api:2.0 is missing");
    }

    @Test
    void aListOfTheComponentsOfAnotherModuleIsNamed() throws IOException {
        both(
                "sdk-bom/0.1.0/sdk-bom-0.1.0-cyclonedx.xml",
                file -> ExampleBundle.change(file, "<name>sdk-bom</name>", "<name>sdk-api</name>"));
        assertProblem("components: wrong list of components io/oncemq/sdk-bom/0.1.0/sdk-bom-0.1.0-cyclonedx.xml:"
                + " it is about sdk-api 0.1.0");
    }

    @Test
    void aLicenceThatIsNotPermittedIsNamed() throws IOException {
        both(
                "sdk-api/0.1.0/sdk-api-0.1.0-cyclonedx.xml",
                file -> ExampleBundle.change(file, ">MIT<", ">AGPL-3.0-only<"));
        assertProblem("licences: licence of org.slf4j:slf4j-api:2.0 is not permitted: it is AGPL-3.0-only");
    }

    @Test
    void anUnknownLicenceIsNamed() throws IOException {
        both(
                "sdk-api/0.1.0/sdk-api-0.1.0-cyclonedx.xml",
                file -> ExampleBundle.change(file, "<license><id>MIT</id></license>", ""));
        assertProblem("licences: unknown licence of org.slf4j:slf4j-api:2.0");
    }

    @Test
    void oneOfSeveralLicencesIsEnough() throws IOException {
        both(
                "sdk-api/0.1.0/sdk-api-0.1.0-cyclonedx.xml",
                file -> ExampleBundle.change(
                        file,
                        "<license><id>MIT</id></license>",
                        "<expression>(GPL-2.0-only OR Apache-2.0)</expression>"));
        assertEquals(List.of(), Licences.problems(bundle));
    }

    @Test
    void twoBuildsThatDifferAreNamedWithTheEntry() throws IOException {
        ExampleBundle.jar(bundle.file("sdk-api", ".jar"), "io/oncemq/Other.class");
        ExampleBundle.seal(bundle.file("sdk-api", ".jar"), ExampleBundle.KEY);
        assertProblem("reproducible: not reproducible io/oncemq/sdk-api/0.1.0/sdk-api-0.1.0.jar: two builds of the same"
                + " sources differ in io/oncemq/Other.class");
    }

    private interface Change {
        void apply(Path file) throws IOException;
    }

    /** The same in both builds, so that they stay equal; checksums and signature fit. */
    private void both(String name, Change change) throws IOException {
        for (String build : List.of("one", "two")) {
            Path file = folder.resolve(build).resolve("io/oncemq").resolve(name);
            Files.createDirectories(file.getParent());
            change.apply(file);
            if (Files.exists(file)) {
                ExampleBundle.seal(file, ExampleBundle.KEY);
            }
        }
    }

    private void pom(String module, String text, String replacement) throws IOException {
        both("%s/0.1.0/%s-0.1.0.pom".formatted(module, module), file -> ExampleBundle.change(file, text, replacement));
    }

    private static void remove(Path file) throws IOException {
        for (String ending : List.of("", ".md5", ".sha1", ".asc")) {
            Files.deleteIfExists(Path.of(file + ending));
        }
    }

    /** Exactly one problem is found, and nothing is packed. */
    private void assertProblem(String start) {
        List<String> lines = check();
        String all = String.join("\n", lines);
        assertTrue(lines.get(0).startsWith(start), all);
        assertTrue(lines.get(lines.size() - 1).contains("\"problems\":1,"), all);
        assertFalse(Files.exists(folder.resolve("out")), all);
    }

    private List<String> check() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ReleaseTools.check(
                    bundle,
                    folder.resolve("two"),
                    ExampleBundle.KEY,
                    folder.resolve("out"),
                    new PrintStream(out, true, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Stream.of(out.toString(StandardCharsets.UTF_8).split("\\R", -1))
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
