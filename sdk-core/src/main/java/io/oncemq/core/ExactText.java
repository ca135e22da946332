package io.oncemq.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.spi.KeyBytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Texts as bytes of which no two are the same, for what is digested: UTF-8, as another program would write it; and for a text with
 * surrogates alone, of which UTF-8 would make question marks, the byte 0xFF, which UTF-8 has nowhere, and its UTF-16. Thread-safe.
 */
public final class ExactText {
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(ExactText::newSha256);

    private ExactText() {}

    public static byte[] bytes(String text) {
        if (KeyBytes.isWellFormed(text)) {
            return text.getBytes(UTF_8);
        }
        ByteBuffer bytes = ByteBuffer.allocate(1 + 2 * text.length()).put((byte) 0xFF);
        bytes.asCharBuffer().put(text);
        return bytes.array();
    }

    /** The calling thread's own, reset. */
    public static MessageDigest sha256() {
        MessageDigest own = SHA_256.get();
        own.reset();
        return own;
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
