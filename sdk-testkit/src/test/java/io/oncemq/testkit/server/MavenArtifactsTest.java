package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MavenArtifactsTest {
    @TempDir
    Path folder;

    private Path remote;

    @BeforeEach
    void publishArtifacts() throws IOException {
        remote = folder.resolve("remote");
        publish("app", "lib", "compile");
        publish("lib", "tool", "test");
        publish("tool", "none", "test");
    }

    @Test
    void resolvesRuntimeDependenciesThroughTheConfiguredMirror() throws IOException {
        assertThat(classPath(mirror(), Set.of())).containsExactly("app-1.jar", "lib-1.jar");
    }

    @Test
    void leavesOutWhatIsExcluded() throws IOException {
        assertThat(classPath(mirror(), Set.of("org.example:lib"))).containsExactly("app-1.jar");
    }

    @Test
    void needsNoRepositoryForWhatIsThereAlready() throws IOException {
        classPath(mirror(), Set.of());
        TempFolders.delete(remote);
        TempFolders.delete(folder.resolve("cache"));
        assertThat(classPath("<offline>true</offline>" + mirror(), Set.of())).containsExactly("app-1.jar", "lib-1.jar");
    }

    @Test
    void remembersAClassPathUntilOneOfItsFilesIsGone() throws IOException {
        classPath(mirror(), Set.of());
        MavenArtifacts cached = artifacts("<broken");
        assertThat(cached.classPath(List.of("org.example:app:1"), Set.of())).hasSize(2);
        TempFolders.delete(folder.resolve("local/org/example/lib"));
        assertThatThrownBy(() -> cached.classPath(List.of("org.example:app:1"), Set.of()))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("settings");
    }

    @Test
    void namesWhatIsMissingWhereItWasSoughtAndTheRemedy() throws IOException {
        MavenArtifacts artifacts = artifacts(mirror());
        assertThatThrownBy(() -> artifacts.file("org.example:absent:1"))
                .isInstanceOf(ServerException.class)
                .hasMessageContainingAll("org.example:absent:1", "mirror house", "settings.xml", "network");
    }

    private List<String> classPath(String settings, Set<String> exclusions) throws IOException {
        return artifacts(settings).classPath(List.of("org.example:app:1"), exclusions).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    private MavenArtifacts artifacts(String content) throws IOException {
        Path file = folder.resolve("settings.xml");
        Files.writeString(file, "<settings>" + content + "</settings>");
        String local = folder.resolve("local").toString();
        return new MavenArtifacts(
                new ClassPathCache(folder.resolve("cache")), () -> MavenSettings.read(file, null, local));
    }

    private String mirror() {
        return "<mirrors><mirror><id>house</id><mirrorOf>*</mirrorOf><url>" + remote.toUri()
                + "</url></mirror></mirrors>";
    }

    private void publish(String name, String dependency, String scope) throws IOException {
        Path home = Files.createDirectories(remote.resolve("org/example/" + name + "/1"));
        Files.writeString(home.resolve(name + "-1.jar"), name);
        Files.writeString(home.resolve(name + "-1.pom"), """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>org.example</groupId>
                  <artifactId>%s</artifactId>
                  <version>1</version>
                  <dependencies>
                    <dependency>
                      <groupId>org.example</groupId>
                      <artifactId>%s</artifactId>
                      <version>1</version>
                      <scope>%s</scope>
                    </dependency>
                  </dependencies>
                </project>
                """.formatted(name, dependency, scope));
    }
}
