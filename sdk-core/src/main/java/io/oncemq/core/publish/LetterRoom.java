package io.oncemq.core.publish;

import io.oncemq.core.WireHeaders;
import io.oncemq.spi.OutboundFrame;

/**
 * Room below a limit of the broker: a dead letter, and a message that comes back from there, may use all of it. Every other message leaves some
 * of it free for the headers of its dead letter (S7). Stateless.
 */
public final class LetterRoom {
    /** What those headers take at the most, with long names and a long text of the cause. */
    private static final long ROOM = 16 << 10;

    /** Of a small limit only a share is kept free. */
    private static final long SHARE = 8;

    private LetterRoom() {}

    /** Whether the broker has taken this message before, with fewer headers. */
    public static boolean isLetter(OutboundFrame frame) {
        return frame.headers().contains(WireHeaders.DEAD_LETTER_REASON)
                || frame.headers().contains(WireHeaders.GENERATION);
    }

    /** How many bytes of a limit the frame may use. */
    public static long of(OutboundFrame frame, long limit) {
        return isLetter(frame) ? limit : limit - Math.min(ROOM, limit / SHARE);
    }
}
