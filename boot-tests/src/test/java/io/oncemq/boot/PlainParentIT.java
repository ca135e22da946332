package io.oncemq.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.testkit.server.ActiveMqServer;
import io.oncemq.testkit.server.ArtemisServer;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RocketServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An application as its authors would write it: Spring Boot's parent, the starter, an adapter and the store, and nothing else. Maven builds
 * it outside of this build, and it handles messages of a real broker with the clients that Boot manages and with the newest.
 */
class PlainParentIT {
    private static final String BOOT_4_0 = "4.0.9";
    private static final String BOOT_4_1 = "4.1.2";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void startsWithWhatBootManages() throws Exception {
        onKafka(BOOT_4_1, Versions.own());
    }

    /** Boot's annotations of Jackson are too old for the newest Jackson. */
    @Tag("slow")
    @Test
    void namesThePropertyThatANewerJacksonNeeds() throws Exception {
        Versions versions = Versions.own().with("jackson-bom.version", Versions.ofThisBuild("jackson"));
        Shop shop = Shop.built(folder, BOOT_4_1, versions, dependency("io.oncemq", "sdk-kafka", ""));
        try (KafkaServer kafka = KafkaServer.started();
                RedisServer redis = RedisServer.started()) {
            Command run = shop.run("kafka://" + kafka.bootstrap(), redis.uri());

            assertThat(run.status()).isNotZero();
            assertThat(run.output())
                    .contains("Set the property jackson-2-bom.version in your build to 2.22.0 or newer.");
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("matrix")
    void startsOnKafka(String boot, Versions versions) throws Exception {
        onKafka(boot, versions);
    }

    @Tag("slow")
    @NeedsRabbit
    @ParameterizedTest
    @MethodSource("matrix")
    void startsOnRabbit(String boot, Versions versions) throws Exception {
        try (RabbitServer rabbit = RabbitServer.started()) {
            Shop shop = Shop.built(folder, boot, versions, dependency("io.oncemq", "sdk-rabbit", ""));
            charges(shop, "amqp://127.0.0.1:" + rabbit.port());
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("matrix")
    void startsOnRocketMq(String boot, Versions versions) throws Exception {
        try (RocketServer rocket = RocketServer.started()) {
            Shop shop = Shop.built(folder, boot, withNetty(versions), dependency("io.oncemq", "sdk-rocket", ""));
            charges(shop, "rocketmq://" + rocket.nameServer());
        }
    }

    /** Boot 4.0 manages Artemis under its old name, and nothing above 2.43 of it. */
    @Tag("slow")
    @ParameterizedTest
    @MethodSource("matrix")
    void startsOnArtemis(String boot, Versions versions) throws Exception {
        String newest = Versions.ofThisBuild("artemis");
        boolean own = versions.properties().isEmpty();
        String client;
        if (boot.equals(BOOT_4_1)) {
            client = dependency("org.apache.artemis", "artemis-jakarta-client", "");
        } else if (own) {
            client = dependency("org.apache.activemq", "artemis-jakarta-client", "");
        } else {
            client = dependency("org.apache.artemis", "artemis-jakarta-client", newest);
        }
        try (ArtemisServer artemis = ArtemisServer.started()) {
            Shop shop = Shop.built(
                    folder,
                    boot,
                    withNetty(own ? versions : versions.with("artemis.version", newest)),
                    dependency("io.oncemq", "sdk-jms", "") + client);
            charges(shop, "artemis://127.0.0.1:" + artemis.port());
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("matrix")
    void startsOnActiveMq(String boot, Versions versions) throws Exception {
        try (ActiveMqServer activeMq = ActiveMqServer.started()) {
            Shop shop = Shop.built(
                    folder,
                    boot,
                    versions,
                    dependency("io.oncemq", "sdk-jms", "") + dependency("org.apache.activemq", "activemq-client", ""));
            charges(shop, "activemq://127.0.0.1:" + activeMq.port());
        }
    }

    static Stream<Arguments> matrix() {
        return Stream.of(BOOT_4_0, BOOT_4_1)
                .flatMap(boot ->
                        Stream.of(Versions.own(), Versions.newest()).map(versions -> Arguments.of(boot, versions)));
    }

    /** The native parts of the Netty that Boot manages are not to be had everywhere. */
    private static Versions withNetty(Versions versions) {
        return versions.with("netty.version", Versions.ofThisBuild("netty"));
    }

    private static String dependency(String group, String artifact, String version) {
        return """
                    <dependency>
                      <groupId>%s</groupId>
                      <artifactId>%s</artifactId>
                      %s
                    </dependency>
                """.formatted(group, artifact, version.isEmpty() ? "" : "<version>" + version + "</version>");
    }

    private void onKafka(String boot, Versions versions) throws IOException, InterruptedException {
        try (KafkaServer kafka = KafkaServer.started()) {
            Shop shop = Shop.built(folder, boot, versions, dependency("io.oncemq", "sdk-kafka", ""));
            charges(shop, "kafka://" + kafka.bootstrap());
        }
    }

    private static void charges(Shop shop, String transport) throws IOException, InterruptedException {
        try (RedisServer redis = RedisServer.started()) {
            Command run = shop.run(transport, redis.uri());
            assertThat(run.status()).as(run.output()).isZero();
            assertThat(run.output().lines().filter(line -> line.startsWith("charged")))
                    .as(run.output())
                    .containsExactly("charged 1 to alice", "charged 2 to alice");
        }
        List<Path> libraries = shop.libraries();
        List<Path> own = libraries.stream()
                .filter(jar -> jar.getFileName().toString().startsWith("sdk-"))
                .toList();
        assertThat(own).isNotEmpty();
        assertThat(Linkage.broken(own, libraries)).isEmpty();
    }
}
