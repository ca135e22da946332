package io.oncemq.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NemesesTest {

    @ParameterizedTest
    @EnumSource(BrokerKind.class)
    void whatABrokerCannotHaveIsLeftOutWithALine(BrokerKind broker) {
        Nemeses nemeses = Nemeses.of(options(broker));
        assertThat(nemeses.chosen().size() + nemeses.leftOut().size())
                .isEqualTo(Nemeses.all().size());
        assertThat(nemeses.leftOut().stream().anyMatch(line -> line.startsWith("recreate-topic: ")))
                .isEqualTo(broker != BrokerKind.KAFKA);
    }

    @Test
    void whatABrokerCannotHaveIsRefusedByName() {
        assertThatThrownBy(() -> Nemeses.of(options(BrokerKind.RABBIT, "recreate-topic")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("recreate-topic on rabbit");
    }

    @Test
    void aFaultThatThereIsNotIsRefused() {
        assertThatThrownBy(() -> Nemeses.of(options(BrokerKind.KAFKA, "kill-everybody")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("there are kill-before-claim, ");
    }

    @Test
    void onlyAFailoverNeedsReplicasOfTheStore() {
        assertThat(Nemeses.of(options(BrokerKind.KAFKA, "restart-store")).needReplicas())
                .isFalse();
        assertThat(new Nemeses(List.of(new StoreFailover()), List.of()).needReplicas())
                .isTrue();
    }

    @Test
    void namesAreUnique() {
        assertThat(Nemeses.all()).extracting(Nemesis::name).doesNotHaveDuplicates();
    }

    private static Options options(BrokerKind broker, String... nemeses) {
        return new Options(broker, Duration.ofMinutes(1), 1, List.of(nemeses));
    }
}
