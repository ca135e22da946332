package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.oncemq.Headers;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.core.publish.LetterRoom;
import io.oncemq.spi.OutboundFrame;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the server takes of one message. It closes the channel for a body that is too large, and the client counts a message that it could
 * not encode among those it has sent, so that its confirms would be another message's (Q1): both are found out before. Thread-safe.
 */
final class FrameLimits {
    /** {@code max_message_size} before 4.0, and since. */
    static final int EARLIER = 128 << 20;

    static final int SINCE_4 = 16 << 20;

    /** Names below so many characters fit into a short string, escaped and in UTF-8. */
    private static final int SURELY_SHORT = 80;

    private static final Pattern TOLD = Pattern.compile("larger than configured max size (\\d{1,9})");

    private volatile int body;
    private volatile boolean told;

    /** @param body the limit of a server that has not told its own yet */
    FrameLimits(int body) {
        this.body = body;
    }

    /** Takes note of the limit if that is why the server closed a channel. */
    void learn(String replyText) {
        Matcher limit = TOLD.matcher(replyText);
        if (limit.find()) {
            int there = Integer.parseInt(limit.group(1));
            body = told ? there : Math.min(body, there);
            told = true;
        }
    }

    /** The server has taken the body of a dead letter before, so only its own word counts against that. */
    boolean takes(OutboundFrame frame, int bodySize) {
        return bodySize <= body || !told && LetterRoom.isLetter(frame);
    }

    /** What a message's header frame may have: a dead letter all, any other message leaves room for the headers of its letter (S7). */
    static int largestHeader(OutboundFrame frame, int frameMax) {
        return (int) LetterRoom.of(frame, frameMax);
    }

    int body() {
        return body;
    }

    /** Why the header frame cannot be sent, or null. Encodes it only where that is not clear. @param frameMax 0 for any */
    static @Nullable Reason refusal(OutboundFrame frame, BasicProperties properties, int frameMax) {
        if (isSurelyFine(frame, frameMax)) {
            return null;
        }
        try {
            int size = properties.toFrame(1, 0).size();
            return frameMax > 0 && size > largestHeader(frame, frameMax) ? Reason.TOO_LARGE : null;
        } catch (IOException | RuntimeException e) {
            return Reason.REFUSED;
        }
    }

    private static boolean isSurelyFine(OutboundFrame frame, int frameMax) {
        Headers headers = frame.headers();
        String key = frame.key();
        long size = key == null ? 0 : 3L * key.length();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.length() > SURELY_SHORT) {
                return false;
            }
            size += 3L * name.length() + headers.value(i).length;
        }
        return frameMax == 0 || size + 32L * headers.size() < frameMax / 2;
    }
}
