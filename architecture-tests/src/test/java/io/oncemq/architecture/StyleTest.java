package io.oncemq.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StyleTest {

    /** What runs inside an application. */
    private static final String[] LIBRARY = {
        "io.oncemq",
        "io.oncemq.spi..",
        "io.oncemq.core..",
        "io.oncemq.jackson..",
        "io.oncemq.kafka..",
        "io.oncemq.rabbit..",
        "io.oncemq.rocket..",
        "io.oncemq.jms..",
        "io.oncemq.redis..",
        "io.oncemq.micrometer..",
        "io.oncemq.spring.."
    };

    private static final JavaClasses MAIN = CompiledClasses.main();
    private static final JavaClasses ALL = CompiledClasses.mainAndTests();

    @Test
    void namesSayWhatAClassIs() {
        noClasses()
                .should()
                .haveSimpleNameContaining("Manager")
                .orShould()
                .haveSimpleNameContaining("Helper")
                .orShould()
                .haveNameMatching(".*Utils?([A-Z0-9$].*)?")
                .orShould()
                .haveSimpleName("Processor")
                .check(ALL);
    }

    @Test
    void interfacesCarryNoPrefix() {
        noClasses()
                .that()
                .areInterfaces()
                .should()
                .haveNameMatching(".*[.$]I[A-Z][a-z][^.$]*")
                .check(ALL);
    }

    @Test
    void timeIsJavaTime() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.oncemq.rabbit", "io.oncemq.it.rabbit", "io.oncemq.it.kit", "io.oncemq.release")
                .or()
                .haveNameNotMatching(".*\\.(RabbitRecords(\\$.*|Test)?|RabbitReplayIT|RabbitStrangers|SigningKey)")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(Date|Calendar)")
                .because("only where AMQP's client or BouncyCastle asks for it there is a Date")
                .check(ALL);
    }

    @Test
    void nobodySleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .because("a test that sleeps is slow or flaky, and code that sleeps cannot be closed")
                .check(ALL);
    }

    @Test
    void libraryTakesTheTimeFromAClock() {
        noClasses()
                .that()
                .resideInAnyPackage(LIBRARY)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .because("tests move time by hand")
                .check(MAIN);
    }

    @Test
    void libraryDoesNotPrint() {
        noClasses()
                .that()
                .resideInAnyPackage(LIBRARY)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(MAIN);
    }
}
