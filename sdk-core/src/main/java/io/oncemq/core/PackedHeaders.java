package io.oncemq.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Headers that a broker's own cannot be, as one text: Base64 of name and value of each, the name in {@code writeUTF}, the value behind its
 * length. For brokers whose properties are texts under names of a narrow kind. Not thread-safe.
 */
public final class PackedHeaders {
    /** Where it stands beside the broker's own. */
    public static final String NAME = "oncemq-more";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    public void add(String name, byte[] value) {
        try {
            out.writeUTF(name);
            out.writeInt(value.length);
            out.write(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that was added; null if that is nothing. */
    public @Nullable String text() {
        return bytes.size() == 0 ? null : Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** Adds what such a text holds to names and values. A text that is none of ours is a header like any other. */
    public static void read(String text, List<String> names, List<byte[]> values) {
        List<String> moreNames = new ArrayList<>();
        List<byte[]> moreValues = new ArrayList<>();
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
            while (in.available() > 0) {
                moreNames.add(in.readUTF());
                moreValues.add(in.readNBytes(in.readInt()));
            }
            names.addAll(moreNames);
            values.addAll(moreValues);
        } catch (IOException | IllegalArgumentException notOurs) {
            names.add(NAME);
            values.add(text.getBytes(UTF_8));
        }
    }
}
