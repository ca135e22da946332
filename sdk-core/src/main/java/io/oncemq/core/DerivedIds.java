package io.oncemq.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Makes the ids of messages that follow from another one: the same inputs give the same id in every process, so whoever
 * repeats the work repeats the ids.
 */
public final class DerivedIds {
    private DerivedIds() {}

    /** 32 hexadecimal digits of SHA-256 over all parts, each with its length, so that no two lists of parts run together. */
    public static String of(String scope, String id, String group, int generation, String destination, String name) {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        for (String part : new String[] {scope, id, group, Integer.toString(generation), destination, name}) {
            byte[] bytes = part.getBytes(UTF_8);
            sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
            sha256.update(bytes);
        }
        return HexFormat.of().formatHex(sha256.digest(), 0, 16);
    }
}
