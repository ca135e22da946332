package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spring.toy.ToyBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** DEV is refused alike from wherever a platform or a start script could inject it; {@link ProfileImportIT} has {@code env:} imports. */
class ProfileOriginTest {
    @SpringBootConfiguration(proxyBeanMethods = false)
    @ImportAutoConfiguration(OnceMqAutoConfiguration.class)
    static class Application {}

    @Test
    void anEnvironmentVariableIsRefused() {
        assertThat(refusal(Map.of(), variables(Map.of("ONCEMQ_PROFILE", "DEV"))))
                .contains("is set by an environment variable");
    }

    @Test
    void anEnvironmentVariableOfAnotherNameIsRefused() {
        assertThat(refusal(Map.of("oncemq.profile", "${OUR_STAGE:DURABLE}"), variables(Map.of("OUR_STAGE", "DEV"))))
                .contains("${OUR_STAGE:DURABLE}", "may come from outside");
    }

    @Test
    void applicationJsonIsRefused() {
        assertThat(refusal(
                        Map.of(), variables(Map.of("SPRING_APPLICATION_JSON", "{\"oncemq\":{\"profile\":\"DEV\"}}"))))
                .contains("is set by SPRING_APPLICATION_JSON");
    }

    @Test
    void theCommandLineIsRefused() {
        assertThat(refusal(Map.of(), environment -> {}, "--oncemq.profile=DEV")).contains("is set by the command line");
    }

    @Test
    void anImportedConfigTreeIsRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("oncemq.profile"), "DEV");
        assertThat(refusal(Map.of("spring.config.import", "configtree:" + folder + "/"), environment -> {}))
                .contains("is set by a configtree: import");
    }

    /** Also where an environment variable names the file. */
    @Test
    void anImportedFileIsAccepted(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("local.properties"), "oncemq.profile=DEV");
        assertThat(refusal(Map.of("spring.config.import", "optional:file:" + file), environment -> {}))
                .isNull();
        assertThat(refusal(Map.of(), variables(Map.of("SPRING_CONFIG_IMPORT", "optional:file:" + file))))
                .isNull();
        Files.writeString(file, "oncemq.profile=${OUR_STAGE}");
        assertThat(refusal(
                        Map.of("spring.config.import", "optional:file:" + file), variables(Map.of("OUR_STAGE", "DEV"))))
                .contains("${OUR_STAGE}", "may come from outside");
    }

    @Test
    void theApplicationsOwnPropertiesAreAccepted() {
        assertThat(refusal(Map.of("oncemq.profile", "DEV"), environment -> {})).isNull();
    }

    private static Consumer<ConfigurableEnvironment> variables(Map<String, Object> variables) {
        return environment -> environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    }

    /** What a start is refused with; null if it is not. */
    private static @Nullable String refusal(
            Map<String, Object> own, Consumer<ConfigurableEnvironment> outside, String... arguments) {
        ToyBroker.named("profiles");
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addLast(new MapPropertySource("own", own));
        outside.accept(environment);
        SpringApplicationBuilder application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .environment(environment)
                .logStartupInfo(false)
                .properties("oncemq.transport=toy://profiles", "oncemq.without-idempotency=true");
        try {
            application.run(arguments).close();
            return null;
        } catch (RuntimeException e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return root.getMessage();
        }
    }
}
