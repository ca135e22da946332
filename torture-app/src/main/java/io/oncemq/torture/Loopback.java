package io.oncemq.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A loopback address for each member, which is {@code localhost} to it alone. So a member's way to a server can be disturbed by itself, also
 * where the server tells one name and port to all of its clients, as Kafka, RocketMQ and Sentinel do. The JVM's own resolver does it
 * ({@code jdk.net.hosts.file}); a listener per member would be Kafka's only, NIO clients ignore SOCKS proxies, and network namespaces need root.
 */
final class Loopback {
    private static final int FIRST = 11;
    private static final boolean DIVIDED = isThere(of(0));

    private Loopback() {}

    /** Whether this machine has such addresses: Linux does, macOS has one only unless it is told otherwise. */
    static boolean isDivided() {
        return DIVIDED;
    }

    static String of(int slot) {
        return "127.0.0." + (FIRST + slot);
    }

    /** The option of a JVM whose names are a member's. */
    static String option(Path hosts, int slot) {
        try {
            Files.writeString(hosts, of(slot) + " localhost " + machine() + "\n", UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "-Djdk.net.hosts.file=" + hosts;
    }

    /** What some clients look up to name themselves; nothing where the machine does not know its own name. */
    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "";
        }
    }

    private static boolean isThere(String address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException none) {
            return false;
        }
    }
}
