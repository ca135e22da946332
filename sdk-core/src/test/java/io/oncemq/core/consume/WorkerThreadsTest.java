package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ConfigurationException;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class WorkerThreadsTest {
    @Test
    void platformThreadsAreNamedAndDoNotKeepTheProcessAlive() {
        Thread thread = WorkerThreads.named("worker-", false).newThread(() -> {});

        assertThat(thread.getName()).isEqualTo("worker-1");
        assertThat(thread.isDaemon()).isTrue();
    }

    @Test
    void virtualThreadsAreMadeWhereTheJdkHasThemAndRefusedByNameElsewhere() throws Exception {
        if (Runtime.version().feature() < 21) {
            assertThatThrownBy(WorkerThreads::requireVirtual)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("virtualThreads")
                    .hasMessageContaining("JDK 21");
        } else {
            ThreadFactory factory = WorkerThreads.named("worker-", true);
            Thread thread = factory.newThread(() -> {});
            assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
        }
    }
}
