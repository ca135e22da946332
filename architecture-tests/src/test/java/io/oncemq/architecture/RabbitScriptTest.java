package io.oncemq.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands do where no RabbitMQ is installed; here a script takes the place of the one that unpacks. */
class RabbitScriptTest {
    private static final Path SCRIPT =
            Path.of("../.ci/rabbit.sh").toAbsolutePath().normalize();

    @TempDir
    Path project;

    @BeforeEach
    void aCommand() throws IOException {
        Files.createDirectories(project.resolve(".ci"));
        Files.createDirectories(project.resolve("packages"));
        Files.copy(SCRIPT, project.resolve(".ci/rabbit.sh"));
        write("command", """
                #!/usr/bin/env bash
                root=%s
                . "$root/.ci/rabbit.sh"
                rabbit_if_asked "$@"
                echo "home=${ONCEMQ_RABBIT_HOME:-}"
                """.formatted(project));
    }

    @Test
    void unpacksTheNewestAndSaysSoInOneLine() throws Exception {
        write(".ci/rabbit-versions", """
                #!/usr/bin/env bash
                [ "$1" = --newest ] || exit 1
                echo noise >&2
                echo ONCEMQ_RABBIT_HOME=$2/rabbitmq_server-4.0.5
                echo ONCEMQ_RABBIT_HOMES=$2/rabbitmq_server-4.0.5
                """);
        String output = run("--broker", "rabbit");
        assertEquals(2, output.lines().count(), output);
        assertTrue(output.contains("command: no RabbitMQ is installed; using rabbitmq_server-4.0.5, unpacked"), output);
        assertTrue(output.matches("(?s).*home=/.+/rabbitmq_server-4\\.0\\.5\\n"), output);
    }

    @Test
    void saysWhatIsNotShownAndWhyWhereItCannotBeUnpacked() throws Exception {
        write(".ci/rabbit-versions", """
                #!/usr/bin/env bash
                echo 'rabbit-versions: no Debian archive is configured here' >&2
                echo ONCEMQ_RABBIT_HOMES=
                """);
        String output = run("rabbit");
        assertTrue(output.contains("no Debian archive is configured here): nothing is shown on RabbitMQ"), output);
        assertTrue(output.endsWith("home=\n"), output);
    }

    @Test
    void unpacksNothingForAnotherBroker() throws Exception {
        write(".ci/rabbit-versions", "#!/usr/bin/env bash\ntouch " + project + "/called\n");
        assertEquals("home=\n", run("--broker", "kafka"));
        assertTrue(Files.notExists(project.resolve("called")));
    }

    @Test
    void takesTheInstalledOneFirst() throws Exception {
        write(".ci/rabbit-versions", "#!/usr/bin/env bash\ntouch " + project + "/called\n");
        write("packages/rabbitmq_server-3.12.1/sbin/rabbitmq-server", "#!/bin/sh\n");
        assertEquals("home=\n", run("--broker", "rabbit"));
        assertTrue(Files.notExists(project.resolve("called")));
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        assertTrue(path.toFile().setExecutable(true));
    }

    private String run(String... words) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(project.resolve("command").toString());
        builder.command().addAll(List.of(words));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("ONCEMQ_"));
        environment.put("ONCEMQ_RABBIT_PACKAGES", project.resolve("packages").toString());
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
