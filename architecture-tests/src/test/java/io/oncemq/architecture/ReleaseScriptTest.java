package io.oncemq.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What ./release refuses before it builds anything. */
class ReleaseScriptTest {
    private static final Path SCRIPT =
            Path.of("..").toAbsolutePath().normalize().resolve("release");

    private record Result(int status, String output) {}

    @Test
    void namesTheCredentialsThatAreMissing() throws Exception {
        assertEquals(
                new Result(
                        2,
                        "release: cannot publish: MAVEN_GPG_PASSPHRASE ONCEMQ_CENTRAL_PASSWORD not set."
                                + " Set the environment variables, or use --dry-run.\n"),
                release(Map.of("MAVEN_GPG_KEY", "a key", "ONCEMQ_CENTRAL_USERNAME", "a name")));
    }

    @Test
    void refusesASnapshot() throws Exception {
        assertEquals(
                new Result(
                        2,
                        "release: the version 0.1.0-SNAPSHOT is not one of a release. Give one such as 0.1.0 with --version.\n"),
                release(Map.of(), "--dry-run", "--version", "0.1.0-SNAPSHOT"));
    }

    private static Result release(Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        ProcessBuilder script =
                new ProcessBuilder(Stream.concat(Stream.of("bash", SCRIPT.toString()), Stream.of(options))
                        .toList());
        script.environment().keySet().removeIf(name -> name.startsWith("ONCEMQ_") || name.startsWith("MAVEN_GPG_"));
        script.environment().putAll(environment);
        Process process = script.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
