package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.exception.InternalServerErrorException;
import org.junit.jupiter.api.Test;

class ContainerFreezeTest {
    private static final String UNABLE = "OCI runtime pause failed: unable to freeze: unknown";

    private int tries;

    @Test
    void aContainerThatTheKernelCouldNotStopAtOnceIsTriedAgain() {
        Container.freeze(() -> failing(3, UNABLE));
        assertThat(tries).isEqualTo(4);
    }

    @Test
    void oneThatItNeverStopsIsGivenUp() {
        assertThatThrownBy(() -> Container.freeze(() -> failing(Integer.MAX_VALUE, UNABLE)))
                .isInstanceOf(InternalServerErrorException.class)
                .hasMessageContaining(UNABLE);
        assertThat(tries).isEqualTo(10);
    }

    @Test
    void anotherErrorIsNotTriedAgain() {
        assertThatThrownBy(() -> Container.freeze(() -> failing(1, "no such task")))
                .hasMessageContaining("no such task");
        assertThat(tries).isEqualTo(1);
    }

    private void failing(int times, String why) {
        if (tries++ < times) {
            throw new InternalServerErrorException(why);
        }
    }
}
