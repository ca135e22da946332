package io.oncemq.testkit.history;

import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object whose values are texts, whole numbers and null, field by field. Whatever else it meets, the end
 * of the line included, is an {@link IllegalArgumentException}. Used by one thread.
 */
final class FlatJson {
    private final String line;
    private int at;
    private boolean begun;

    FlatJson(String line) {
        this.line = line;
        expect('{');
    }

    /** The name of the next field, whose value must be read before the next call; null at the end of the object. */
    @Nullable
    String nextField() {
        if (peek() == '}') {
            at++;
            if (at != line.length()) {
                throw broken("text behind the object");
            }
            return null;
        }
        if (begun) {
            expect(',');
        }
        begun = true;
        String name = text();
        expect(':');
        return name;
    }

    String text() {
        expect('"');
        int end = line.indexOf('"', at);
        if (end >= 0 && line.indexOf('\\', at) < 0) {
            String plain = line.substring(at, end);
            at = end + 1;
            return plain;
        }
        return escapedText();
    }

    private String escapedText() {
        StringBuilder out = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            out.append(c == '\\' ? escape() : c);
        }
        return out.toString();
    }

    private char escape() {
        char c = next();
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '"', '\\', '/' -> c;
            case 'u' -> (char) Integer.parseInt(take(4), 16);
            default -> throw broken("unknown escape");
        };
    }

    long number() {
        int start = at;
        while (at < line.length() && (line.charAt(at) == '-' || Character.isDigit(line.charAt(at)))) {
            at++;
        }
        return Long.parseLong(line, start, at, 10);
    }

    @Nullable
    Long numberOrNull() {
        if (peek() != 'n') {
            return number();
        }
        if (!take(4).equals("null")) {
            throw broken("neither number nor null");
        }
        return null;
    }

    private String take(int count) {
        if (at + count > line.length()) {
            throw broken("cut off");
        }
        at += count;
        return line.substring(at - count, at);
    }

    private void expect(char wanted) {
        if (next() != wanted) {
            throw broken("no '" + wanted + "'");
        }
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private char peek() {
        if (at >= line.length()) {
            throw broken("cut off");
        }
        return line.charAt(at);
    }

    private IllegalArgumentException broken(String why) {
        return new IllegalArgumentException(why + " at " + at + " of: " + line);
    }
}
