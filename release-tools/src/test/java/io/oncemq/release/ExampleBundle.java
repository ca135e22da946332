package io.oncemq.release;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;

/** A complete bundle of a library and a BOM, from which a test takes something away. */
final class ExampleBundle {
    static final SigningKey KEY = SigningKey.throwAway();
    private static final String DEPENDENCY =
            "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>";

    private ExampleBundle() {}

    static Bundle in(Path folder) throws IOException {
        Bundle bundle = new Bundle(folder, "0.1.0", List.of("sdk-api", "sdk-bom"));
        Files.createDirectories(bundle.home("sdk-api"));
        Files.createDirectories(bundle.home("sdk-bom"));
        Files.writeString(
                bundle.file("sdk-api", ".pom"),
                pom(
                        "sdk-api",
                        "jar",
                        "<dependencies>" + DEPENDENCY.formatted("org.slf4j", "slf4j-api", "2.0") + "</dependencies>"));
        Files.writeString(
                bundle.file("sdk-bom", ".pom"),
                pom(
                        "sdk-bom",
                        "pom",
                        "<dependencyManagement><dependencies>"
                                + DEPENDENCY.formatted("io.oncemq", "sdk-api", "${project.version}")
                                + "</dependencies></dependencyManagement>"));
        jar(bundle.file("sdk-api", ".jar"), "io/oncemq/Api.class");
        jar(bundle.file("sdk-api", "-sources.jar"), "io/oncemq/Api.java");
        jar(bundle.file("sdk-api", "-javadoc.jar"), "index.html");
        sbom(
                bundle,
                "sdk-api",
                "<component><group>org.slf4j</group><name>slf4j-api</name><version>2.0</version>"
                        + "<licenses><license><id>MIT</id></license></licenses></component>");
        sbom(bundle, "sdk-bom", "");
        bundle.contents().forEach(file -> seal(file, KEY));
        return bundle;
    }

    private static String pom(String artifact, String packaging, String dependencies) {
        return """
                <project>
                  <groupId>io.oncemq</groupId>
                  <artifactId>%s</artifactId>
                  <version>0.1.0</version>
                  <packaging>%s</packaging>
                  <name>a name</name>
                  <description>a description</description>
                  <url>https://example.org/</url>
                  <licenses><license><name>Apache-2.0</name><url>https://example.org/licence</url></license></licenses>
                  <developers><developer><name>somebody</name></developer></developers>
                  <scm>
                    <connection>scm:git:x</connection>
                    <developerConnection>scm:git:x</developerConnection>
                    <url>https://example.org/</url>
                  </scm>
                  %s
                </project>
                """.formatted(artifact, packaging, dependencies);
    }

    private static void sbom(Bundle bundle, String module, String components) throws IOException {
        Files.writeString(bundle.file(module, "-cyclonedx.json"), "{}");
        Files.writeString(
                bundle.file(module, Sboms.XML),
                "<bom><metadata><component><name>%s</name><version>0.1.0</version></component></metadata><components>%s</components></bom>"
                        .formatted(module, components));
    }

    static void jar(Path file, String entry) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            ZipEntry only = new ZipEntry(entry);
            only.setTime(0);
            zip.putNextEntry(only);
            zip.closeEntry();
        }
    }

    /** Changes the text of a file as a wrong build would: its checksums and its signature fit. */
    static void change(Path file, String text, String replacement) throws IOException {
        String before = Files.readString(file);
        String after = before.replace(text, replacement);
        if (after.equals(before)) {
            throw new IllegalArgumentException("no " + text + " in " + before);
        }
        Files.writeString(file, after);
        seal(file, KEY);
    }

    static void seal(Path file, SigningKey key) {
        try {
            Files.writeString(Path.of(file + ".md5"), Checksums.digest(file, "MD5"));
            Files.writeString(Path.of(file + ".sha1"), Checksums.digest(file, "SHA-1"));
            PGPSecretKey secret = key.ring().getSecretKey();
            PGPSignatureGenerator generator = new PGPSignatureGenerator(
                    new BcPGPContentSignerBuilder(secret.getPublicKey().getAlgorithm(), HashAlgorithmTags.SHA256),
                    secret.getPublicKey());
            generator.init(PGPSignature.BINARY_DOCUMENT, secret.extractPrivateKey(null));
            generator.update(Files.readAllBytes(file));
            try (OutputStream out = Files.newOutputStream(Path.of(file + ".asc"))) {
                out.write(SigningKey.armor(generator.generate().getEncoded()).getBytes("US-ASCII"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (PGPException e) {
            throw new IllegalStateException(e);
        }
    }
}
