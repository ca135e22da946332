package io.oncemq.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyConnectionTest {
    private final Faults faults = new Faults();
    private final List<ProxyConnection> ended = new ArrayList<>();
    private final ProxyConnection connection =
            new ProxyConnection(new Socket(), faults, new ProxyThreads(), ended::add);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isCutOnceHoweverManyChunksFollowTheOneThatCutIt(boolean inOrder) {
        connection.cut(inOrder);
        connection.cut(inOrder);
        assertThat(faults.cuts()).isEqualTo(1);
        assertThat(ended).containsExactly(connection);
    }

    @Test
    void countsNoCutOfAConnectionThatHadEnded() {
        connection.reset();
        connection.cut(false);
        assertThat(faults.cuts()).isZero();
        assertThat(faults.resets()).isEqualTo(1);
    }
}
