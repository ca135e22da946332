package io.oncemq.core.publish;

import io.oncemq.core.WireHeaders;
import io.oncemq.spi.OutboundFrame;

/**
 * How much of a size limit of the broker a message may use. A dead letter, and a message that was redriven from there, may use all of it. Every other
 * message leaves room for the headers of its dead letter (S7). Stateless.
 */
public final class LetterRoom {
    /** What those headers take at most, with long names and a long text of the cause. */
    private static final long ROOM = 16 << 10;

    /** Of a limit below 128 KiB an eighth is kept free. */
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
