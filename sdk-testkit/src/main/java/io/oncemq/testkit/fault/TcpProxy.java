package io.oncemq.testkit.fault;

import io.oncemq.testkit.server.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A stable local port in front of a server that can misbehave as a network does.
 *
 * <p>Faults combine and last until {@link #restore()}. They never corrupt a stream: bytes are forwarded in order, or the
 * connection that lost some is reset. The server may restart behind the proxy; a client that connects while it is down
 * is reset.
 *
 * <p>Thread-safe. Controls return at once and hold for every byte that has not been forwarded yet.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(10);

    private final InetSocketAddress target;
    private final InetSocketAddress place;
    private final boolean reserved;
    private final Faults faults = new Faults();
    private final Set<ProxyConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final ProxyThreads threads = new ProxyThreads();
    private @Nullable Listener listener;
    private volatile boolean closed;

    private record Listener(ServerSocket socket, Thread acceptor) {}

    private TcpProxy(InetSocketAddress target, InetSocketAddress place, boolean reserved) {
        this.target = target;
        this.place = place;
        this.reserved = reserved;
    }

    /** A proxy in front of a port of this machine, accepting connections. */
    public static TcpProxy to(int port) {
        return to("127.0.0.1", port);
    }

    /** A proxy in front of a server, which need not run yet, accepting connections. */
    public static TcpProxy to(String host, int port) {
        InetSocketAddress place = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.reserve());
        return listening(new TcpProxy(new InetSocketAddress(host, port), place, true));
    }

    /**
     * A proxy in front of a port of this machine that stands at another loopback address, such as 127.0.0.11, accepting connections. So one
     * name and port can lead some processes by one proxy and some by another, each by what the name means to it.
     *
     * @param place where clients connect to; its port is one that this JVM has reserved, as a server or another proxy does
     */
    public static TcpProxy at(InetSocketAddress place, int port) {
        return listening(new TcpProxy(new InetSocketAddress("127.0.0.1", port), place, false));
    }

    private static TcpProxy listening(TcpProxy proxy) {
        proxy.listen();
        return proxy;
    }

    /** The port that clients connect to, of 127.0.0.1 unless it stands at another address. */
    public int port() {
        return place.getPort();
    }

    /** Holds every byte back for a time, in each direction, without limiting the throughput. */
    public void delay(Duration oneWay) {
        faults.delay(oneWay);
    }

    /**
     * A partition: connections stay and new ones are accepted, but no byte, end or reset passes in either direction. What
     * was held back is delivered by {@link #restore()}, as TCP does when a partition heals.
     */
    public void drop() {
        faults.drop();
    }

    /**
     * Requests pass, replies are thrown away: the server acts and the client hears nothing. {@link #restore()} resets the
     * connections that lost bytes.
     */
    public void swallowReplies() {
        faults.swallowReplies();
    }

    /** Requests pass; a connection is reset, instead of being given its next reply. */
    public void swallowRepliesThenReset() {
        resetAfterReplyBytes(0);
    }

    /** Requests pass, and so many bytes of replies on all connections together; then whichever gets more is reset. */
    public void resetAfterReplyBytes(long bytes) {
        faults.replies().set(bytes, false);
    }

    /** The same, and the connection ends with FIN: its client reads a part of a reply, and the end of the stream. */
    public void finishAfterReplyBytes(long bytes) {
        faults.replies().set(bytes, true);
    }

    /** So many bytes of requests pass on all connections together; then whichever sends more is reset, in the middle of what it says. */
    public void resetAfterRequestBytes(long bytes) {
        faults.requests().set(bytes, false);
    }

    /** The same, and the connection ends with FIN on both sides. */
    public void finishAfterRequestBytes(long bytes) {
        faults.requests().set(bytes, true);
    }

    /**
     * Once: the next request that contains these bytes passes, and its connection is reset instead of being given a
     * further reply. Other connections, and everything afterwards, are not affected.
     */
    public void swallowReplyTo(byte[] marker) {
        faults.marker(marker);
    }

    /** Resets all connections now; new ones are served. */
    public void reset() {
        connections.forEach(ProxyConnection::reset);
    }

    /** Ends all connections now with FIN, on both sides, as processes do that close in order; new ones are served. */
    public void finish() {
        connections.forEach(ProxyConnection::finish);
    }

    /**
     * Sends FIN to the clients of all connections now, and leaves the other way open: requests still reach the server, and its replies are thrown
     * away. New connections are served.
     */
    public void halfClose() {
        connections.forEach(ProxyConnection::halfClose);
    }

    /**
     * Accepts new connections and closes them in order, with FIN, before a byte has passed, as a proxy does that cannot reach its server.
     * Existing ones continue.
     */
    public void acceptAndClose() {
        faults.receive(Reception.CLOSE);
    }

    /** Accepts new connections, and answers the first bytes of each as an HTTP server does, and closes it; existing ones continue. */
    public void answerHttp() {
        faults.receive(Reception.HTTP);
    }

    /** Accepts new connections and never says a word to them; {@link #restore()} resets them. Existing ones continue. */
    public void acceptSilently() {
        faults.receive(Reception.SILENCE);
    }

    /** Refuses new connections; existing ones continue. */
    public synchronized void refuse() {
        stopListening();
    }

    /** Ends all faults. */
    public synchronized void restore() {
        faults.clear();
        connections.forEach(ProxyConnection::pardon);
        connections.stream().filter(ProxyConnection::lostBytes).forEach(ProxyConnection::reset);
        if (listener == null && !closed) {
            listen();
        }
    }

    /** How many connections were accepted so far. */
    public long accepted() {
        return accepted.get();
    }

    /** How many connections are open. */
    public int open() {
        return connections.size();
    }

    /** How many connections were reset by the proxy, whether asked to or because their other side was. */
    public long resets() {
        return faults.resets();
    }

    /** How many connections were ended by the proxy in the midst of what was said, with RST or FIN. */
    public long cuts() {
        return faults.cuts();
    }

    /** How many bytes clients sent that reached the server. */
    public long requestBytes() {
        return faults.requestBytes();
    }

    /** How many bytes the server sent that reached clients. */
    public long replyBytes() {
        return faults.replyBytes();
    }

    /** How many bytes of replies were thrown away. */
    public long swallowedBytes() {
        return faults.swallowedBytes();
    }

    /** Resets all connections and waits until no thread of the proxy is left. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            stopListening();
        }
        faults.clear();
        connections.forEach(ProxyConnection::reset);
        threads.awaitEnd(JOIN_PATIENCE);
        if (reserved) {
            FreePorts.release(port());
        }
    }

    private synchronized void listen() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(place, 500);
            listener = new Listener(socket, threads.start("accept-" + port(), () -> acceptFrom(socket)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at " + place, e);
        }
    }

    private void stopListening() {
        Listener current = listener;
        listener = null;
        if (current != null) {
            closeAndWait(current);
        }
    }

    /** The kernel keeps listening, and lets clients in, until the accepting thread has left its call. */
    private static void closeAndWait(Listener listener) {
        try {
            listener.socket.close();
            listener.acceptor.join(JOIN_PATIENCE.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptFrom(ServerSocket socket) {
        try {
            while (true) {
                admit(socket.accept());
            }
        } catch (IOException noLongerListening) {
            // closed by refuse or close
        }
    }

    private void admit(Socket client) {
        accepted.incrementAndGet();
        Reception reception = faults.reception();
        if (reception == Reception.CLOSE || reception == Reception.HTTP) {
            threads.start("turn-away-" + client.getPort(), () -> Farewell.say(client, reception.answer()));
            return;
        }
        ProxyConnection connection = new ProxyConnection(client, faults, threads, connections::remove);
        connections.add(connection);
        if (closed) {
            connection.reset();
        } else if (reception == Reception.SILENCE) {
            // As one that lost bytes: restore() resets it.
            connection.loseBytes();
            connection.keepSilent();
        } else {
            connection.connect(target, CONNECT_TIMEOUT_MILLIS);
        }
    }
}
