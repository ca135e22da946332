package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerUsersTest {
    @Test
    void eachEndsOnceThoughAnotherFails() {
        List<String> ended = new ArrayList<>();
        ServerUsers.endFirst(() -> {
            throw new IllegalStateException("on purpose");
        });
        ServerUsers.endFirst(() -> ended.add("application"));
        ServerUsers.endAll();
        ServerUsers.endAll();
        assertThat(ended).containsExactly("application");
    }
}
