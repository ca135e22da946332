package io.oncemq.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.testkit.server.NeedsRabbit;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class QuickstartIT {
    private static final int MESSAGES = 3_000;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void killsOfConsumerAndBrokerLoseNothingAndRepeatOnlyTheCrashWindow() {
        assertHolds(BrokerKind.KAFKA);
    }

    @Test
    @Tag("slow")
    @NeedsRabbit
    void theSameHoldsOnRabbitMq() {
        assertHolds(BrokerKind.RABBIT);
    }

    @Test
    @Tag("slow")
    void theSameHoldsOnRocketMq() {
        assertHolds(BrokerKind.ROCKET);
    }

    @Test
    @Tag("slow")
    void theSameHoldsOnArtemis() {
        assertHolds(BrokerKind.ARTEMIS);
    }

    @Test
    @Tag("slow")
    void theSameHoldsOnActiveMqClassic() {
        assertHolds(BrokerKind.ACTIVEMQ);
    }

    private void assertHolds(BrokerKind broker) {
        int status = run(Options.defaults().broker(broker).messages(MESSAGES));

        JsonNode json = lastLine();
        assertThat(status).as("%s%n%s", out, err).isZero();
        assertThat(json.propertyNames())
                .containsExactly(
                        "broker",
                        "input",
                        "published",
                        "confirmed",
                        "injected",
                        "delivered",
                        "suppressed",
                        "effects",
                        "lost",
                        "duplicateEffects",
                        "inCrashWindow",
                        "orderViolations",
                        "deadLettered",
                        "holds",
                        "seconds");
        assertThat(json.get("broker").asString()).isEqualTo(broker.option());
        assertThat(json.get("confirmed").asInt()).isEqualTo(MESSAGES);
        assertThat(json.get("suppressed").asInt()).isPositive();
        assertThat(json.get("lost").asInt()).isZero();
        assertThat(json.get("orderViolations").asInt()).isZero();
        assertThat(json.get("duplicateEffects").asInt())
                .isEqualTo(json.get("inCrashWindow").asInt())
                .isLessThanOrEqualTo(Places.CONCURRENCY);
        assertThat(json.get("effects").asInt())
                .isEqualTo(MESSAGES + json.get("duplicateEffects").asInt());
        assertThat(out.toString(UTF_8))
                .contains("profile DEV: embedded single servers", "kill -9 of consumer-1", "kill -9 of the broker");
    }

    @Test
    void consumersWithoutStoreAreFoundOut() {
        int status = run(Options.defaults().messages(1_000).variant(ConsumerVariant.WITHOUT_STORE));

        assertThat(status).isEqualTo(1);
        assertThat(lastLine().get("duplicateEffects").asInt())
                .isGreaterThan(lastLine().get("inCrashWindow").asInt());
        assertThat(err.toString(UTF_8)).contains("duplicate effect outside of the crash window");
    }

    @Test
    void consumersThatForgetAreFoundOut(@TempDir Path folder) throws Exception {
        StringBuilder lines = new StringBuilder("not a message\n");
        for (int i = 0; i < 1_000; i++) {
            lines.append("{\"event\":\"e")
                    .append(i)
                    .append("\",\"customer\":")
                    .append(i % 50)
                    .append("}\n");
        }
        Path input = Files.writeString(folder.resolve("in.jsonl"), lines);

        int status = run(Options.defaults()
                .input(input)
                .idField("event")
                .keyField("customer")
                .withoutFaults()
                .variant(ConsumerVariant.FORGETFUL));

        assertThat(status).isEqualTo(1);
        assertThat(lastLine().get("input").asInt()).isEqualTo(1_001);
        assertThat(lastLine().get("published").asInt()).isEqualTo(1_000);
        assertThat(lastLine().get("lost").asInt()).isPositive();
        assertThat(err.toString(UTF_8)).contains("line 1: not JSON", "lost: e");
    }

    private int run(Options options) {
        Display display = new Display(new PrintStream(out, true, UTF_8), false);
        return Quickstart.run(options, display, new PrintStream(err, true, UTF_8));
    }

    private JsonNode lastLine() {
        List<String> lines = out.toString(UTF_8).lines().toList();
        return JsonMapper.shared().readTree(lines.get(lines.size() - 1));
    }
}
