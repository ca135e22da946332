package io.oncemq.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/**
 * An ordering key as text, and its bytes on the wire. Text is UTF-8; a byte that is not part of valid UTF-8, as other
 * programs write into keys, stands as an unpaired surrogate, U+DC80 to U+DCFF for 0x80 to 0xFF (as Python's PEP 383 does).
 * So different bytes are always different texts, and every text that came from bytes gives the same bytes again. Every other unpaired
 * surrogate, which Java allows and UTF-8 does not, is written as the three bytes that UTF-8 would give it, never as a question mark: texts
 * that differ in it stay different.
 */
public final class KeyBytes {
    private static final char REPLACEMENT = '\uFFFD';
    private static final int ESCAPED = 0xDC00;

    private KeyBytes() {}

    public static String text(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : escaped(bytes);
    }

    public static byte[] of(String text) {
        int first = unpairedIn(text, 0);
        return first < 0 ? text.getBytes(UTF_8) : unescaped(text, first);
    }

    /** Whether the text is UTF-16 as it should be, with no surrogate alone. */
    public static boolean isWellFormed(String text) {
        return unpairedIn(text, 0) < 0;
    }

    private static String escaped(byte[] bytes) {
        CharsetDecoder decoder = UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPED | in.get() & 0xff));
            }
            result = decoder.decode(in, out, true);
        }
        return out.flip().toString();
    }

    private static byte[] unescaped(String text, int first) {
        ByteBuffer out = ByteBuffer.allocate(3 * text.length());
        int from = 0;
        for (int at = first; at >= 0; at = unpairedIn(text, from)) {
            out.put(text.substring(from, at).getBytes(UTF_8));
            put(out, text.charAt(at));
            from = at + 1;
        }
        out.put(text.substring(from).getBytes(UTF_8));
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static void put(ByteBuffer out, char unpaired) {
        if (unpaired >= 0xDC80 && unpaired <= 0xDCFF) {
            out.put((byte) unpaired);
        } else {
            out.put((byte) (0xE0 | unpaired >> 12));
            out.put((byte) (0x80 | unpaired >> 6 & 0x3F));
            out.put((byte) (0x80 | unpaired & 0x3F));
        }
    }

    /** The next unpaired surrogate, or −1. */
    private static int unpairedIn(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else {
                return i;
            }
        }
        return -1;
    }
}
