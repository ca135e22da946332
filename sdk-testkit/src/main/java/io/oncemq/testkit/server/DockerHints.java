package io.oncemq.testkit.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether this machine has anything that may be a Docker engine. Looked at first, because Testcontainers reports its absence as
 * an error in the log, and on most machines without an engine it is none.
 */
final class DockerHints {
    private DockerHints() {}

    /** Why there can be no engine; empty if it is worth asking for one. */
    static Optional<String> absence(Map<String, String> environment, Path home, Path root, boolean windows) {
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        boolean socket = Stream.of(
                        root.resolve("var/run/docker.sock"),
                        home.resolve(".docker/run/docker.sock"),
                        home.resolve(".docker/desktop/docker.sock"),
                        home.resolve(".rd/docker.sock"),
                        Path.of(runtime, "docker.sock"))
                .anyMatch(Files::exists);
        boolean named = !environment.getOrDefault("DOCKER_HOST", "").isBlank()
                || Files.isRegularFile(home.resolve(".testcontainers.properties"));
        return windows || socket || named
                ? Optional.empty()
                : Optional.of("DOCKER_HOST is not set and there is no socket of a Docker engine");
    }

    static Optional<String> absence() {
        return absence(
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                Path.of("/"),
                System.getProperty("os.name").startsWith("Windows"));
    }
}
