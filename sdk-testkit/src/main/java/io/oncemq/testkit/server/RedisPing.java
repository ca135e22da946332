package io.oncemq.testkit.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a Redis server whether it serves. */
final class RedisPing {
    private static final int TIMEOUT_MILLIS = 500;

    private RedisPing() {}

    /** Whether it answers PONG, or asks for a password; false while it loads its data or cannot be reached. */
    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
            return answer.startsWith("+PONG") || answer.startsWith("-NOAU");
        } catch (IOException notYet) {
            return false;
        }
    }
}
