package io.oncemq.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.testkit.server.NeedsRabbit;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DemoIT {
    @Test
    void tellsOfADuplicateARetryAndADeadLetterOnKafka() {
        tells();
    }

    @Test
    @Tag("slow")
    @NeedsRabbit
    void tellsTheSameOnRabbit() {
        tells("--broker", "rabbit");
    }

    @Test
    @Tag("slow")
    void tellsTheSameOnRocket() {
        tells("--broker", "rocketmq");
    }

    @Test
    @Tag("slow")
    void tellsTheSameOnArtemis() {
        tells("--broker", "artemis");
    }

    @Test
    @Tag("slow")
    void tellsTheSameOnClassic() {
        tells("--broker", "activemq");
    }

    @Test
    void refusesABrokerThatThereIsNot() {
        assertThat(Demo.run(List.of("--broker", "pigeon"))).isEqualTo(2);
    }

    private static void tells(String... args) {
        PrintStream before = System.out;
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        System.setOut(new PrintStream(told, true, UTF_8));
        try {
            assertThat(Demo.run(List.of(args))).isZero();
        } finally {
            System.setOut(before);
        }
        String text = told.toString(UTF_8);
        assertThat(text)
                .containsSubsequence(
                        "charged A1 of ann",
                        "placed-A1 came again and is not handed to billing",
                        "Ann was charged meanwhile",
                        "charged B1 of bob, at attempt",
                        "charged B2 of bob",
                        "dead letter: C1 of cid, because the bank refuses the card",
                        "charged [A1, A2, B1, B2]",
                        "All as it should be.");
        assertThat(text).doesNotContain("charged C1");
    }
}
