package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.DestinationSpec;
import io.oncemq.spring.toy.ToyBroker;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

/** Applications on a broker in memory, a new one for each test. */
final class Toys {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name = "toy" + NUMBER.incrementAndGet();
    private final ToyBroker broker = ToyBroker.named(name);

    ToyBroker broker() {
        return broker;
    }

    String uri() {
        return "toy://" + name;
    }

    /** With destinations, each with its dead letters, and a default client. */
    ApplicationContextRunner application(String group, String... destinations) {
        for (String destination : destinations) {
            broker.create(destination);
            broker.create(DestinationSpec.deadLetterName(destination, group));
        }
        return bare().withPropertyValues(
                        "oncemq.transport=" + uri(), "oncemq.idempotency=memory://" + name, "oncemq.profile=DEV");
    }

    static ApplicationContextRunner bare() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        JacksonAutoConfiguration.class,
                        ValidationAutoConfiguration.class,
                        OnceMqAutoConfiguration.class));
    }

    /** What the user reads who starts an application that is refused. */
    static String told(Throwable failure) {
        FailureAnalysis analysis = new ConfigurationFailureAnalyzer().analyze(failure);
        assertThat(analysis).as("analysis of " + failure).isNotNull();
        return analysis.getDescription() + " " + analysis.getAction();
    }
}
