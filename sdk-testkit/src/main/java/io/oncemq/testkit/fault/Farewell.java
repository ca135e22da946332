package io.oncemq.testkit.fault;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/**
 * Ends one side of a connection with FIN, as a process does that closes in order. It reads on, and throws away, until the other side has
 * closed too: to close a socket with unread bytes would send RST instead. Stateless.
 */
final class Farewell {
    private static final int PATIENCE_MILLIS = 3_000;
    private static final int CHUNK_BYTES = 16 * 1024;

    private Farewell() {}

    /** At once. Blocks until the other side has closed, or has had its time. */
    static void say(Socket socket) {
        say(socket, new byte[0]);
    }

    /** @param answer for whatever comes first; none if empty */
    static void say(Socket socket, byte[] answer) {
        try (socket) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            InputStream in = socket.getInputStream();
            byte[] unread = new byte[CHUNK_BYTES];
            if (answer.length > 0 && in.read(unread) >= 0) {
                socket.getOutputStream().write(answer);
            }
            socket.shutdownOutput();
            while (in.read(unread) >= 0) {
                // thrown away
            }
        } catch (IOException gone) {
            // the other side did not wait for it
        }
    }
}
