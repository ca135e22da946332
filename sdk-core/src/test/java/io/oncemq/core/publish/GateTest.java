package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.PublishListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
    private final List<Boolean> told = new ArrayList<>();
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
        gate.blocked(true);
        enter(4);
        gate.blocked(false);
        assertThat(told).containsExactly(false);
        gate.blocked(true);
        gate.left(4);
        assertThat(told).containsExactly(false);
        gate.blocked(false);
        assertThat(told).containsExactly(false, true);
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
    }
}
