package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.PublishListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GateTest {
    private final List<Boolean> told = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();
    private final Gate gate = new Gate(new Listener(), 4);

    @Test
    void pausesAtTheWindowAndGoesOnAtHalfOfIt() {
        enter(3);
        assertThat(told).isEmpty();
        enter(1);
        gate.left(1);
        assertThat(told).containsExactly(false);
        gate.left(1);
        assertThat(told).containsExactly(false, true);
    }

    @Test
    void staysPausedWhileEitherReasonLasts() {
        gate.blocked("low on memory");
        enter(4);
        gate.unblocked();
        assertThat(told).containsExactly(false);
        gate.blocked("low on memory");
        gate.left(4);
        assertThat(told).containsExactly(false);
        gate.unblocked();
        assertThat(told).containsExactly(false, true);
    }

    @Test
    void reportsABlockedConnectionAndNoFullWindow() {
        enter(4);
        gate.left(4);
        assertThat(reported).isEmpty();
        gate.blocked("low on memory");
        gate.unblocked();
        assertThat(reported).containsExactly("low on memory", "over");
    }

    private void enter(int count) {
        for (int i = 0; i < count; i++) {
            gate.entered();
        }
    }

    private final class Listener implements PublishListener {
        @Override
        public void confirmed(Object context, Position position) {}

        @Override
        public void rejected(Object context, Reason reason, Throwable cause) {}

        @Override
        public void notSent(Object context, Throwable cause) {}

        @Override
        public void unknown(Object context, Throwable cause) {}

        @Override
        public void sessionFailed(Throwable cause) {}

        @Override
        public boolean shards(String destination, int count) {
            return true;
        }

        @Override
        public void writable(boolean writable) {
            told.add(writable);
        }

        @Override
        public void blocked(@Nullable String destination, String reason) {
            reported.add(reason);
        }

        @Override
        public void unblocked(@Nullable String destination) {
            reported.add("over");
        }
    }
}
