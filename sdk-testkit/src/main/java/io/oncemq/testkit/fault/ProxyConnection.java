package io.oncemq.testkit.fault;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One client's connection and the one to the server that belongs to it. Thread-safe. */
final class ProxyConnection {
    private static final int DIRECTIONS = 2;
    private static final int CHUNK_BYTES = 16 * 1024;

    private final Socket client;
    private final Socket server = new Socket();
    private final Faults faults;
    private final ProxyThreads factory;
    private final Consumer<ProxyConnection> onEnd;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger directionsDone = new AtomicInteger();
    private volatile boolean lostBytes;
    private volatile boolean condemned;
    private volatile boolean halfClosed;

    ProxyConnection(Socket client, Faults faults, ProxyThreads factory, Consumer<ProxyConnection> onEnd) {
        this.client = client;
        this.faults = faults;
        this.factory = factory;
        this.onEnd = onEnd;
    }

    /** Connects to the server and starts forwarding; a client whose server is not there is reset. */
    void connect(InetSocketAddress target, int timeoutMillis) {
        threads.add(factory.start("connect-" + client.getPort(), () -> {
            try {
                server.connect(target, timeoutMillis);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                pump(new Requests(this, faults), client, server);
                pump(new Replies(this, faults), server, client);
            } catch (IOException noServer) {
                reset();
            }
        }));
    }

    /** Reads what the client says, to its end or until {@link #reset()}, and answers nothing. */
    void keepSilent() {
        threads.add(factory.start("silent-" + client.getPort(), () -> {
            byte[] unanswered = new byte[CHUNK_BYTES];
            try {
                while (client.getInputStream().read(unanswered) >= 0) {
                    // thrown away
                }
                finish();
            } catch (IOException broken) {
                reset();
            }
        }));
    }

    private void pump(Direction direction, Socket from, Socket to) {
        Pump pump = new Pump(this, faults, direction, from, to);
        threads.add(factory.start("read-" + client.getPort(), pump::read));
        threads.add(factory.start("write-" + client.getPort(), pump::write));
        if (ended.get()) {
            threads.forEach(Thread::interrupt);
        }
    }

    void loseBytes() {
        lostBytes = true;
    }

    boolean lostBytes() {
        return lostBytes;
    }

    /** From now on no reply passes: the next one ends the connection. */
    void condemn() {
        condemned = true;
    }

    /** Takes the sentence back, if it was not carried out. */
    void pardon() {
        condemned = false;
    }

    boolean condemned() {
        return condemned;
    }

    /** One direction has reached its end in order; after the second the connection is closed. */
    void directionDone() {
        if (directionsDone.incrementAndGet() == DIRECTIONS && ended.compareAndSet(false, true)) {
            release();
        }
    }

    /** Ends both sides with a TCP reset. */
    void reset() {
        if (ended.compareAndSet(false, true)) {
            breakOff();
        }
    }

    private void breakOff() {
        // Counted first, so that a client that sees the reset finds it in the count.
        faults.countReset();
        lingerNot(client);
        lingerNot(server);
        release();
    }

    /** Ends both sides with FIN. */
    void finish() {
        if (ended.compareAndSet(false, true)) {
            sayFarewell();
        }
    }

    private void sayFarewell() {
        threads.forEach(Thread::interrupt);
        factory.start("finish-client-" + client.getPort(), () -> Farewell.say(client));
        factory.start("finish-server-" + client.getPort(), () -> Farewell.say(server));
        onEnd.accept(this);
    }

    /** Ends both sides, after bytes of one were lost; counted once for a connection. */
    void cut(boolean inOrder) {
        if (ended.compareAndSet(false, true)) {
            faults.countCut();
            if (inOrder) {
                sayFarewell();
            } else {
                breakOff();
            }
        }
    }

    boolean ended() {
        return ended.get();
    }

    /** The client reads the end of the stream; what it sends still passes, and what the server answers is thrown away. */
    void halfClose() {
        halfClosed = true;
        try {
            client.shutdownOutput();
        } catch (IOException gone) {
            // it reads nothing any more
        }
    }

    boolean halfClosed() {
        return halfClosed;
    }

    private void release() {
        closeQuietly(client);
        closeQuietly(server);
        threads.forEach(Thread::interrupt);
        onEnd.accept(this);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // a socket that fails to close is closed
        }
    }

    /** Closing a socket that does not linger sends RST instead of FIN. */
    private static void lingerNot(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException closedAlready) {
            // nothing to reset
        }
    }
}
