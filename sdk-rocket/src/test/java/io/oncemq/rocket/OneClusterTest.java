package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OneClusterTest {
    @Test
    void nameServersThatHaveNoBrokerInCommonAreOfDifferentClusters() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> OneCluster.check(Map.of("n1", Set.of("a:1", "b:1"), "n2", Set.of("c:1"))))
                .withMessageContaining("different clusters")
                .withMessageContaining("c:1");
    }

    @Test
    void aNameServerThatKnowsFewerBrokersOrNoneIsNoStranger() {
        assertThatCode(() -> OneCluster.check(Map.of("n1", Set.of("a:1", "b:1"), "n2", Set.of("b:1"), "n3", Set.of())))
                .doesNotThrowAnyException();
    }
}
