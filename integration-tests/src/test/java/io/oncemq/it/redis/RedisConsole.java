package io.oncemq.it.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sends a line to a server, as a person with a terminal would. */
final class RedisConsole {
    private RedisConsole() {}

    /** @return the lines of the answer, without their lengths */
    static List<String> send(int port, String line) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write((line + "\r\nQUIT\r\n").getBytes(StandardCharsets.UTF_8));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            List<String> lines = new ArrayList<>();
            for (String read = in.readLine(); read != null; read = in.readLine()) {
                lines.add(read);
            }
            lines.remove(lines.size() - 1);
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String info(int port, String field) {
        return send(port, "INFO").stream()
                .filter(line -> line.startsWith(field + ":"))
                .findFirst()
                .orElseThrow()
                .substring(field.length() + 1);
    }
}
