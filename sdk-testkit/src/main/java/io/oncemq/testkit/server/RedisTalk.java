package io.oncemq.testkit.server;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One question to a Redis server, on a connection of its own: for what the fixtures themselves have to say and hear. */
final class RedisTalk {
    private static final int TIMEOUT_MILLIS = 10_000;

    private RedisTalk() {}

    /**
     * The answer: a text, a number, null, or a list of these.
     *
     * @throws ServerException if the server answers with an error
     * @throws UncheckedIOException if it does not answer
     */
    static @Nullable Object ask(int port, String password, String... words) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            if (!password.isEmpty()) {
                send(socket.getOutputStream(), "AUTH", password);
                read(in);
            }
            send(socket.getOutputStream(), words);
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(int port, String password, String... words) {
        return String.valueOf(ask(port, password, words));
    }

    static List<?> list(int port, String password, String... words) {
        return ask(port, password, words) instanceof List<?> items ? items : List.of();
    }

    /** The value of a line {@code name:value}; empty if there is none. */
    static String field(String lines, String name) {
        return lines.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    private static void send(OutputStream out, String... words) throws IOException {
        StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            request.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        out.write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static @Nullable Object read(DataInputStream in) throws IOException {
        String line = line(in);
        String rest = line.substring(1);
        switch (line.charAt(0)) {
            case '+':
                return rest;
            case ':':
                return Long.parseLong(rest);
            case '-':
                throw new ServerException("Redis answers: " + rest);
            case '$':
                return bulk(in, Integer.parseInt(rest));
            case '*':
                List<@Nullable Object> items = new ArrayList<>();
                for (int i = Integer.parseInt(rest); i > 0; i--) {
                    items.add(read(in));
                }
                return items;
            default:
                throw new IOException("not Redis' protocol: " + line);
        }
    }

    private static @Nullable String bulk(DataInputStream in, int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        line(in);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
