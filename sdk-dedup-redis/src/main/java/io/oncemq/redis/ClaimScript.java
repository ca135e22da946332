package io.oncemq.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The script and the name under which a server keeps it. */
final class ClaimScript {
    static final byte[] TEXT = read();
    static final byte[] SHA1 = sha1(TEXT);

    private ClaimScript() {}

    private static byte[] read() {
        try (InputStream in = ClaimScript.class.getResourceAsStream("claims.lua")) {
            if (in == null) {
                throw new IllegalStateException("claims.lua is missing from the artifact");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] sha1(byte[] script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(script);
            return HexFormat.of().formatHex(digest).getBytes(US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
