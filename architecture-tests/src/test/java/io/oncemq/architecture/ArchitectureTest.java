package io.oncemq.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Dependencies point one way: broker and store modules to the core to the API. Each layer lists all that it may use, third
 * parties included, so that a new dependency is a decision taken here.
 */
class ArchitectureTest {

    private static final JavaClasses CLASSES = CompiledClasses.main();

    private static final List<String> PLATFORM = List.of("java..", "javax..", "org.slf4j..", "org.jspecify..");

    enum Layer {
        API("sdk-api", List.of("io.oncemq", "io.oncemq.spi.."), List.of()),
        CORE("sdk-core", List.of("io.oncemq.core.."), List.of("io.github.resilience4j.."), API),
        JACKSON(
                "sdk-jackson",
                List.of("io.oncemq.jackson.."),
                List.of("tools.jackson..", "com.fasterxml.jackson.."),
                API),
        KAFKA("sdk-kafka", List.of("io.oncemq.kafka.."), List.of("org.apache.kafka.."), API, CORE),
        RABBIT("sdk-rabbit", List.of("io.oncemq.rabbit.."), List.of("com.rabbitmq.client.."), API, CORE),
        // Its client takes TLS as Netty has it only (docs/decisions/0121).
        ROCKET(
                "sdk-rocket",
                List.of("io.oncemq.rocket.."),
                List.of("org.apache.rocketmq..", "io.netty.handler.ssl.."),
                API,
                CORE),
        // What is no part of JMS: groups' queues, questions, and the socket below a connection
        // (docs/decisions/0142).
        JMS("sdk-jms", List.of("io.oncemq.jms.."), List.of("jakarta.jms..", "org.apache.activemq.."), API, CORE),
        MICROMETER("sdk-micrometer", List.of("io.oncemq.micrometer.."), List.of("io.micrometer.."), API),
        REDIS("sdk-dedup-redis", List.of("io.oncemq.redis.."), List.of("redis.clients.."), API, CORE),
        SPRING(
                "sdk-spring-boot-starter",
                List.of("io.oncemq.spring.."),
                List.of(
                        "org.springframework..",
                        "jakarta.validation..",
                        "reactor.core.publisher",
                        "tools.jackson..",
                        "io.micrometer.."),
                API,
                JACKSON,
                KAFKA,
                RABBIT,
                ROCKET,
                JMS,
                REDIS,
                MICROMETER);

        private final String module;
        private final List<String> packages;
        private final List<String> thirdParties;
        private final List<Layer> below;

        Layer(String module, List<String> packages, List<String> thirdParties, Layer... below) {
            this.module = module;
            this.packages = packages;
            this.thirdParties = thirdParties;
            this.below = List.of(below);
        }

        private String[] packages() {
            return packages.toArray(String[]::new);
        }

        private String[] allowed() {
            Stream<String> layers =
                    Stream.concat(Stream.of(this), below.stream()).flatMap(layer -> layer.packages.stream());
            return Stream.of(layers, thirdParties.stream(), PLATFORM.stream())
                    .flatMap(names -> names)
                    .toArray(String[]::new);
        }
    }

    @ParameterizedTest
    @EnumSource
    void layerUsesOnlyWhatItMay(Layer layer) {
        classes()
                .that()
                .resideInAnyPackage(layer.packages())
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(layer.allowed())
                .allowEmptyShould(CompiledClasses.hasNoSources(layer.module))
                .check(CLASSES);
    }

    @Test
    void testkitKnowsNoAdapterAndNoStore() {
        noClasses()
                .that()
                .resideInAPackage("io.oncemq.testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.oncemq.jackson..",
                        "io.oncemq.kafka..",
                        "io.oncemq.rabbit..",
                        "io.oncemq.rocket..",
                        "io.oncemq.jms..",
                        "io.oncemq.redis..",
                        "io.oncemq.micrometer..",
                        "io.oncemq.spring..")
                .because("a kit is the same for every adapter")
                .allowEmptyShould(CompiledClasses.hasNoSources("sdk-testkit"))
                .check(CLASSES);
    }

    @Test
    void everyClassBelongsToAModule() {
        Stream<String> layers = Stream.of(Layer.values()).flatMap(layer -> layer.packages.stream());
        Stream<String> tools = Stream.of(
                "io.oncemq.testkit..",
                "io.oncemq.bench..",
                "io.oncemq.quickstart..",
                "io.oncemq.torture..",
                "io.oncemq.release..",
                "io.oncemq.examples..");
        classes()
                .should()
                .resideInAnyPackage(Stream.concat(layers, tools).toArray(String[]::new))
                .because("a package outside of these would escape the rules above")
                .check(CLASSES);
    }
}
