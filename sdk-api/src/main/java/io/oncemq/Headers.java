package io.oncemq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.spi.KeyBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a message in their order; a name may occur more than once. Values are bytes, read as UTF-8 by
 * {@link #text}. Immutable and thread-safe as long as no code writes to a value's array: arrays are handed through without
 * a copy, since a copy per header and message would be the largest cost of reading one.
 */
public final class Headers {
    private static final Headers EMPTY = new Headers(new String[0], new byte[0][]);

    private final String[] names;
    private final byte[][] values;

    private Headers(String[] names, byte[][] values) {
        this.names = names;
        this.values = values;
    }

    public static Headers empty() {
        return EMPTY;
    }

    /** Headers over the two arrays, which the caller hands over and no longer touches. */
    public static Headers wrap(String[] names, byte[][] values) {
        if (names.length != values.length) {
            throw new IllegalArgumentException(names.length + " names for " + values.length + " values");
        }
        return names.length == 0 ? EMPTY : new Headers(names, values);
    }

    public static Builder builder() {
        return new Builder();
    }

    public int size() {
        return names.length;
    }

    public String name(int index) {
        return names[index];
    }

    public byte[] value(int index) {
        return values[index];
    }

    /** The bytes of the last header of that name, or null. */
    public byte @Nullable [] bytes(String name) {
        for (int i = names.length - 1; i >= 0; i--) {
            if (names[i].equals(name)) {
                return values[i];
            }
        }
        return null;
    }

    /** The last header of that name as UTF-8 text, or null. */
    public @Nullable String text(String name) {
        byte[] bytes = bytes(name);
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    public boolean contains(String name) {
        return bytes(name) != null;
    }

    public void forEach(BiConsumer<String, byte[]> action) {
        for (int i = 0; i < names.length; i++) {
            action.accept(names[i], values[i]);
        }
    }

    public List<String> names() {
        return List.of(names);
    }

    /** A builder that starts with these headers. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        forEach(builder::add);
        return builder;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers that
                && Arrays.equals(names, that.names)
                && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names) + Arrays.deepHashCode(values);
    }

    /** Names and sizes only: values may be confidential. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Headers[");
        for (int i = 0; i < names.length; i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(names[i])
                    .append('(')
                    .append(values[i].length)
                    .append(')');
        }
        return text.append(']').toString();
    }

    /** Collects headers in order. Not thread-safe. */
    public static final class Builder {
        private final List<String> names = new ArrayList<>();
        private final List<byte[]> values = new ArrayList<>();

        private Builder() {}

        public Builder add(String name, byte[] value) {
            names.add(name);
            values.add(value);
            return this;
        }

        /** Adds a text as UTF-8. A text that {@link KeyBytes} made from bytes that are not UTF-8 is written as those bytes. */
        public Builder add(String name, String value) {
            return add(name, KeyBytes.of(value));
        }

        /** Replaces every header of that name. */
        public Builder set(String name, String value) {
            remove(name);
            return add(name, value);
        }

        public Builder remove(String name) {
            for (int i = names.size() - 1; i >= 0; i--) {
                if (names.get(i).equals(name)) {
                    names.remove(i);
                    values.remove(i);
                }
            }
            return this;
        }

        public Headers build() {
            return Headers.wrap(names.toArray(String[]::new), values.toArray(byte[][]::new));
        }
    }
}
