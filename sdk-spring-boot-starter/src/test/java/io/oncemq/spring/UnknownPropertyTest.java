package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class UnknownPropertyTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "oncemq.transprot, oncemq.transport",
        "oncemq.kafka.usernmae, oncemq.kafka.username",
        "oncemq.shutdown-dedline, oncemq.shutdown-deadline",
        "oncemq.listener.concurency, oncemq.listener.concurrency",
        "oncemq.clients.audit.transprot, oncemq.clients.audit.transport",
        "oncemq.clients.audit.kafka.tls.trsut, oncemq.clients.audit.kafka.tls.trust",
        "oncemq.destinations.orders.partitons, oncemq.destinations.orders.partitions",
        "oncemq.listenrs.desk.retry.max-attemps, oncemq.listeners.desk.retry.max-attempts",
    })
    void suggestsTheNearestName(String unknown, String meant) {
        assertThat(PropertyNames.near(ConfigurationPropertyName.of(unknown))).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"oncemq.colour", "oncemq.transport", "oncemq.transport.colour", "oncemq.clients.audit.colour"})
    void suggestsNothingElse(String name) {
        assertThat(PropertyNames.near(ConfigurationPropertyName.of(name))).isNull();
    }

    @Test
    void theStartNamesTheUnknownPropertyAndTheNearestOne(CapturedOutput output) {
        assertThatThrownBy(() -> start("--oncemq.transprot=kafka://h:9092")).isNotNull();
        assertThat(output)
                .contains("oncemq.transprot (\"oncemq.transprot\" from property source \"commandLineArgs\")")
                .contains("did you mean oncemq.transport?")
                .contains("docs/configuration.md");
    }

    @Test
    void aSystemPropertyIsNotCheckedBySpringBoot(CapturedOutput output) {
        System.setProperty("oncemq.transprot", "kafka://h:9092");
        try {
            assertThatThrownBy(() -> start("--oncemq.transport=carrier-pigeon://loft"))
                    .isNotNull();
        } finally {
            System.clearProperty("oncemq.transprot");
        }
        assertThat(output).contains("carrier-pigeon").doesNotContain("transprot");
    }

    private static void start(String... arguments) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.run(arguments).close();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(OnceMqAutoConfiguration.class)
    static class Application {}
}
