package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    @Test
    void neverGivesAPortTwiceAndStaysBelowThePortsOfOutgoingConnections() {
        Set<Integer> ports = new HashSet<>();
        try {
            IntStream.range(0, 200)
                    .forEach(i -> assertThat(ports.add(FreePorts.reserve())).isTrue());
            assertThat(ports).allMatch(port -> port >= 12_000 && port < 30_000);
        } finally {
            ports.forEach(FreePorts::release);
        }
    }
}
