package io.oncemq.testkit.kit.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A port at which a broker in memory says which one it is, to be found through a network. Open until the JVM ends. */
final class MemoryPort {
    private static final Map<Integer, MemoryBroker> BROKERS = new ConcurrentHashMap<>();

    private final ServerSocket socket;

    private MemoryPort(ServerSocket socket) {
        this.socket = socket;
    }

    static MemoryPort of(MemoryBroker broker) {
        try {
            MemoryPort port = new MemoryPort(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            BROKERS.put(port.number(), broker);
            Thread thread = new Thread(port::greet, "memory-port");
            thread.setDaemon(true);
            thread.start();
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The broker by what its port says. */
    static MemoryBroker named(String greeting) throws IOException {
        if (!greeting.matches("memory \\d+")) {
            throw new IOException("it says " + greeting);
        }
        return BROKERS.get(Integer.valueOf(greeting.substring("memory ".length())));
    }

    int number() {
        return socket.getLocalPort();
    }

    private void greet() {
        while (true) {
            try (Socket client = socket.accept()) {
                if (client.getInputStream().read() >= 0) {
                    client.getOutputStream().write(("memory " + number() + "\n").getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException gone) {
                // the next one may stay
            }
        }
    }
}
