package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Headers;
import io.oncemq.spi.OutboundFrame;
import org.junit.jupiter.api.Test;

class ResendsTest {
    private final Resends resends = new Resends();

    @Test
    void anUndecidedFrameGetsItsMarkOnceMore() {
        OutboundFrame frame = frame();
        String mark = resends.mark(frame);
        resends.undecided(frame, mark);
        assertThat(resends.mark(frame)).isEqualTo(mark);
    }

    @Test
    void allElseGetsAMarkOfItsOwn() {
        OutboundFrame frame = frame();
        String mark = resends.mark(frame);
        resends.undecided(frame, mark);
        assertThat(resends.mark(frame())).isNotEqualTo(mark);
        assertThat(resends.mark(frame)).isEqualTo(mark);
        assertThat(resends.mark(frame)).isNotEqualTo(mark);
        assertThat(new Resends().mark(frame)).isNotEqualTo(mark);
    }

    private static OutboundFrame frame() {
        return new OutboundFrame("d", "id", "key", 1, Headers.empty(), new byte[1], 1);
    }
}
