package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.FailureAnalysis;

class ClientVersionFailureAnalyzerTest {
    private static final StackTraceElement SPRING_KAFKA =
            new StackTraceElement("org.springframework.kafka.Some", "method", "Some.java", 1);

    private final ClientVersionFailureAnalyzer analyzer = new ClientVersionFailureAnalyzer();

    @Test
    void namesThePropertyOfAMissingMethod() {
        FailureAnalysis analysis = analyzer.analyze(new BeanCreationException(
                "client",
                new NoSuchMethodError("'redis.clients.jedis.DefaultJedisClientConfig$Builder"
                        + " redis.clients.jedis.DefaultJedisClientConfig$Builder.resp9(int, java.lang.String)'")));

        assertThat(analysis.getDescription()).contains("resp9(int");
        assertThat(analysis.getAction()).isEqualTo("Set the property jedis.version in your build to 7.0.0 or newer.");
    }

    @Test
    void namesThePropertyOfAMissingClass() {
        FailureAnalysis analysis = analyzer.analyze(missing("org/apache/activemq/artemis/api/Some"));

        assertThat(analysis.getAction()).startsWith("Set the property artemis.version in your build to");
    }

    @Test
    void namesThePropertyOfAnnotationsThatJacksonItselfMisses() {
        NoClassDefFoundError missing = missing("com/fasterxml/jackson/annotation/JsonApplyView");
        missing.setStackTrace(
                new StackTraceElement[] {new StackTraceElement("tools.jackson.Some", "method", "Some.java", 1)});

        assertThat(analyzer.analyze(missing).getAction()).startsWith("Set the property jackson-2-bom.version");
    }

    @Test
    void leavesWhatOtherLibrariesMissToOtherAnalyzers() {
        NoClassDefFoundError missing = missing("org/apache/kafka/Moved");
        missing.setStackTrace(new StackTraceElement[] {SPRING_KAFKA});

        assertThat(analyzer.analyze(missing)).isNull();
    }

    @Test
    void leavesAClassThatFailedInItsInitializerToOtherAnalyzers() {
        assertThat(analyzer.analyze(new NoClassDefFoundError("Could not initialize class org.apache.kafka.Some")))
                .isNull();
    }

    private static NoClassDefFoundError missing(String type) {
        NoClassDefFoundError missing = new NoClassDefFoundError(type);
        missing.initCause(new ClassNotFoundException(type.replace('/', '.')));
        return missing;
    }
}
