package io.oncemq.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets compiled classes call a static method of one class in place of a method of the same name and types of another. In a class file a call
 * names its method by an entry of the constant pool; that entry gets another class, and the code stays as it is.
 *
 * @param methods by class: the method and its types, as a class file writes them
 * @param target the class that has the same methods
 */
record Redirection(Map<String, String> methods, String target) {
    private static final int POOL = 10;
    private static final int MOST_ENTRIES = 0xffff;

    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int METHOD = 10;

    /** The class file as it is to be; null if it calls none of the methods. */
    byte @Nullable [] applyTo(byte[] file) {
        byte[] changed = file.clone();
        ByteBuffer bytes = ByteBuffer.wrap(changed);
        int count = unsigned(bytes, POOL - 2);
        int[] entries = new int[count];
        int end = readPool(bytes, entries);
        boolean calls = false;
        for (int entry : entries) {
            if (entry > 0 && bytes.get(entry) == METHOD && isMeant(bytes, entries, entry)) {
                bytes.putShort(entry + 1, (short) (count + 1));
                calls = true;
            }
        }
        if (!calls || count + 2 > MOST_ENTRIES) {
            return null;
        }
        bytes.putShort(POOL - 2, (short) (count + 2));
        return withTarget(changed, count, end);
    }

    /** Finds where each entry begins; some count as two. */
    private static int readPool(ByteBuffer bytes, int[] entries) {
        int at = POOL;
        for (int i = 1; i < entries.length; i++) {
            entries[i] = at;
            int tag = bytes.get(at);
            at += 1 + length(tag, bytes, at);
            if (tag == LONG || tag == DOUBLE) {
                i++;
            }
        }
        return at;
    }

    /** By the tags of the Java Virtual Machine Specification, 4.4. */
    private static int length(int tag, ByteBuffer bytes, int at) {
        return switch (tag) {
            case UTF8 -> 2 + unsigned(bytes, at + 1);
            case LONG, DOUBLE -> 8;
            case CLASS, 8, 16, 19, 20 -> 2;
            case 15 -> 3;
            default -> 4;
        };
    }

    private boolean isMeant(ByteBuffer bytes, int[] entries, int method) {
        int type = entries[unsigned(bytes, method + 1)];
        String wanted = methods.get(text(bytes, entries[unsigned(bytes, type + 1)]));
        if (wanted == null) {
            return false;
        }
        int nameAndTypes = entries[unsigned(bytes, method + 3)];
        return wanted.equals(text(bytes, entries[unsigned(bytes, nameAndTypes + 1)])
                + text(bytes, entries[unsigned(bytes, nameAndTypes + 3)]));
    }

    private static String text(ByteBuffer bytes, int entry) {
        byte[] text = new byte[unsigned(bytes, entry + 1)];
        bytes.get(entry + 3, text);
        return new String(text, UTF_8);
    }

    private static int unsigned(ByteBuffer bytes, int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    private byte[] withTarget(byte[] old, int count, int end) {
        ByteArrayOutputStream changed = new ByteArrayOutputStream(old.length + target.length() + 6);
        try (DataOutputStream out = new DataOutputStream(changed)) {
            out.write(old, 0, end);
            out.writeByte(UTF8);
            out.writeUTF(target);
            out.writeByte(CLASS);
            out.writeShort(count);
            out.write(old, end, old.length - end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return changed.toByteArray();
    }
}
