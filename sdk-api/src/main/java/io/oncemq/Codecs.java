package io.oncemq;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** The codecs that need no library. */
public final class Codecs {
    private Codecs() {}

    /** Bodies are bytes, passed through without a copy. */
    public static Codec<byte[]> bytes() {
        return Bytes.INSTANCE;
    }

    /** Bodies are text in UTF-8; bytes that are not UTF-8 are refused, not replaced. */
    public static Codec<String> string() {
        return Text.INSTANCE;
    }

    private enum Bytes implements Codec<byte[]> {
        INSTANCE;

        @Override
        public byte[] encode(byte[] body) {
            return body;
        }

        @Override
        public byte[] decode(byte[] bytes, Headers headers) {
            return bytes;
        }

        @Override
        public String contentType() {
            return "application/octet-stream";
        }
    }

    private enum Text implements Codec<String> {
        INSTANCE;

        @Override
        public byte[] encode(String body) {
            return body.getBytes(UTF_8);
        }

        @Override
        public String decode(byte[] bytes, Headers headers) {
            try {
                return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            } catch (CharacterCodingException e) {
                throw new CodecException("the body is not UTF-8 text", e);
            }
        }

        @Override
        public String contentType() {
            return "text/plain; charset=utf-8";
        }
    }
}
