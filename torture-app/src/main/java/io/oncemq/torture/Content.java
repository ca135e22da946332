package io.oncemq.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a message carries, the same in every process of a run: its id, or now and then a body above 100 KiB, or bytes that its codec refuses.
 * Immutable.
 */
final class Content {
    private static final int LEAST_LARGE = 110_000;
    private static final int MOST_LARGE = 400_000;

    private final String id;
    private final boolean unreadable;
    private final int length;

    private Content(String id, SplittableRandom random) {
        this.id = id;
        this.unreadable = random.nextInt(300) == 0;
        this.length = random.nextInt(80) == 0 ? random.nextInt(LEAST_LARGE, MOST_LARGE) : 0;
    }

    static Content of(long seed, String id) {
        return new Content(id, new SplittableRandom(seed * 37 + id.hashCode()));
    }

    /** The id in a body: what stands before the first blank. */
    static String idOf(byte[] body) {
        String text = new String(body, UTF_8);
        int blank = text.indexOf(' ');
        return blank < 0 ? text : text.substring(0, blank);
    }

    /** Whether no handler can get it. */
    boolean unreadable() {
        return unreadable;
    }

    boolean large() {
        return length > 0;
    }

    /** As it is published. */
    byte[] bytes() {
        byte[] bytes = text().getBytes(UTF_8);
        if (unreadable) {
            bytes[bytes.length - 1] = (byte) 0xff;
        }
        return bytes;
    }

    /** Whether a handler got it whole. */
    boolean is(@Nullable String body) {
        return !unreadable && text().equals(body);
    }

    /** Of random letters, so that no compression makes it small. */
    private String text() {
        if (length == 0) {
            return unreadable ? id + " ?" : id;
        }
        SplittableRandom letters = new SplittableRandom(length);
        StringBuilder text = new StringBuilder(length + id.length()).append(id).append(' ');
        while (text.length() < length) {
            text.append((char) letters.nextInt(' ', '~' + 1));
        }
        return text.toString();
    }
}
