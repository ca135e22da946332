package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spring.toy.ToyBroker;
import io.oncemq.testkit.server.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** DEV from an environment variable that the application imports. Boot reads the variables of the process, so it is one of its own. */
class ProfileImportIT {
    @TempDir
    private Path folder;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @ImportAutoConfiguration(OnceMqAutoConfiguration.class)
    static class Application {
        public static void main(String[] arguments) {
            ToyBroker.named("profiles");
            new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.NONE)
                    .properties(
                            "oncemq.transport=toy://profiles",
                            "oncemq.without-idempotency=true",
                            "oncemq.accept-unchecked.preflight=a toy")
                    .run(arguments)
                    .close();
        }
    }

    @Test
    void anImportedEnvironmentVariableIsRefused() throws IOException {
        try (ChildProcess jvm = start("oncemq.profile=DEV")) {
            assertThat(jvm.awaitExit(Duration.ofMinutes(2))).isTrue();
            assertThat(jvm.exitStatus()).isOne();
            assertThat(jvm.logTail(100)).contains("oncemq.profile = DEV: is set by an env: import");
        }
    }

    @Test
    void itMaySetOtherProperties() throws IOException {
        try (ChildProcess jvm = start("oncemq.client-id=shop")) {
            assertThat(jvm.awaitExit(Duration.ofMinutes(2))).isTrue();
            assertThat(jvm.exitStatus()).as(() -> jvm.logTail(100)).isZero();
        }
    }

    private ChildProcess start(String variable) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Application.class.getName(),
                "--spring.config.import=env:OUR_CONFIG");
        return ChildProcess.start(command, Map.of("OUR_CONFIG", variable), folder, folder.resolve("log"));
    }
}
