package io.oncemq.core;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Makes the ids of messages that follow from another one: the same inputs give the same id in every process, so whoever
 * repeats the work repeats the ids. 32 hexadecimal digits of SHA-256 over all parts, each with its length, so that no two lists of parts run
 * together.
 */
public final class DerivedIds {
    private static final String LETTER = "dead-letter";

    private DerivedIds() {}

    /** What a handler publishes for a message. */
    public static String of(String scope, String id, String group, int generation, String destination, String name) {
        return digest(scope, id, group, Integer.toString(generation), destination, name);
    }

    /** The dead letter of a message. It has one part more than what a handler derives, so neither can be taken for the other. */
    public static String ofDeadLetter(String scope, String id, String group, int generation, String destination) {
        return digest(scope, id, group, Integer.toString(generation), destination, "", LETTER);
    }

    private static String digest(String... parts) {
        MessageDigest sha256 = ExactText.sha256();
        for (String part : parts) {
            byte[] bytes = ExactText.bytes(part);
            sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
            sha256.update(bytes);
        }
        return HexFormat.of().formatHex(sha256.digest(), 0, 16);
    }
}
