package io.oncemq.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ./install asks of Maven; here a script takes Maven's place. */
class InstallScriptTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    void installsTheModulesOfUsersWithoutTests() throws Exception {
        List<String> arguments = install("-Dmaven.repo.local=elsewhere");
        String modules;
        try (Stream<Path> folders = Files.list(ROOT)) {
            modules = folders.map(each -> each.getFileName().toString())
                    .filter(name -> name.startsWith("sdk-"))
                    .sorted()
                    .collect(Collectors.joining(","));
        }
        String named = arguments.get(arguments.indexOf("-pl") + 1);
        assertEquals(modules, Stream.of(named.split(",")).sorted().collect(Collectors.joining(",")));
        assertTrue(
                arguments.containsAll(List.of(
                        "install",
                        "-Dmaven.test.skip=true",
                        "-Doncemq.compileChecks=-XDcompilePolicy=simple",
                        "-Dmaven.repo.local=elsewhere")),
                arguments::toString);
    }

    private List<String> install(String... options) throws IOException, InterruptedException {
        String maven = """
                #!/usr/bin/env bash
                if [ "$1" = -v ]; then
                  printf 'Apache Maven 3.9.9\\nJava version: 17.0.1, vendor: x, runtime: %s\\n'
                else
                  printf '%%s\\n' "$@" >%s
                fi
                """;
        Path arguments = folder.resolve("arguments");
        Path mvn = folder.resolve("mvn");
        Files.writeString(mvn, maven.formatted(System.getProperty("java.home"), arguments));
        assertTrue(mvn.toFile().setExecutable(true));
        ProcessBuilder script = new ProcessBuilder(
                Stream.concat(Stream.of("bash", ROOT.resolve("install").toString()), Stream.of(options))
                        .toList());
        script.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        Path output = folder.resolve("output");
        int status = script.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        assertEquals(0, status, Files.readString(output));
        return Files.readAllLines(arguments);
    }
}
