package io.oncemq.testkit.fault;

import io.oncemq.testkit.server.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Speaks TLS to clients and hands what they say, in plain text, to a port of this machine: for servers that were built without
 * TLS. The server may restart behind it; a client that connects while it is down is cut off. Thread-safe.
 */
public final class TlsTerminator implements AutoCloseable {
    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(10);
    private static final int BACKLOG = 500;

    private final int target;
    private final int port = FreePorts.reserve();
    private final SSLServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ProxyThreads threads = new ProxyThreads();

    private TlsTerminator(int target, SSLContext context, boolean clientCertificates) {
        this.target = target;
        try {
            server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
            server.setReuseAddress(true);
            server.setNeedClientAuth(clientCertificates);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.start("tls-" + port, this::accept);
    }

    /** In front of a port; clients need no certificate. */
    public static TlsTerminator before(int port, SSLContext context) {
        return new TlsTerminator(port, context, false);
    }

    /** In front of a port; clients must show a certificate that the context trusts. */
    public static TlsTerminator requiringCertificates(int port, SSLContext context) {
        return new TlsTerminator(port, context, true);
    }

    /** The port of 127.0.0.1 that clients connect to. */
    public int port() {
        return port;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                sockets.add(client);
                threads.start("tls-in-" + port, () -> serve(client));
            }
        } catch (IOException noLongerListening) {
            // by close
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), target)) {
            sockets.add(behind);
            client.setTcpNoDelay(true);
            behind.setTcpNoDelay(true);
            Thread replies = threads.start("tls-out-" + port, () -> copy(behind, client));
            copy(client, behind);
            replies.join();
        } catch (IOException cutOff) {
            // the client sees its connection end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(client);
        }
    }

    /** When one side has ended, so does the other. */
    private void copy(Socket from, Socket to) {
        byte[] bytes = new byte[16_384];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                out.write(bytes, 0, read);
                out.flush();
            }
        } catch (IOException ended) {
            // both are closed
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** Ends every connection and waits until no thread is left. */
    @Override
    public void close() {
        end(server);
        sockets.forEach(TlsTerminator::end);
        threads.awaitEnd(JOIN_PATIENCE);
        FreePorts.release(port);
    }

    private static void end(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception alreadyEnded) {
            // nothing is left to end
        }
    }
}
