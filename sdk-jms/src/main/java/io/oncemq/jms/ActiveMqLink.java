package io.oncemq.jms;

import io.oncemq.MessagingException;
import io.oncemq.Tls;
import io.oncemq.spi.TlsContexts;
import io.oncemq.spi.support.TlsDiagnosis;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQDispatcher;
import org.apache.activemq.RedeliveryPolicy;
import org.apache.activemq.ThreadPriorities;
import org.apache.activemq.broker.SslContext;
import org.apache.activemq.command.Command;
import org.apache.activemq.command.ConsumerControl;
import org.apache.activemq.command.ConsumerId;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.RemoveInfo;
import org.apache.activemq.command.SessionInfo;
import org.apache.activemq.openwire.OpenWireFormat;
import org.apache.activemq.thread.TaskRunnerFactory;
import org.apache.activemq.transport.DefaultTransportListener;
import org.apache.activemq.transport.RequestTimedOutIOException;
import org.apache.activemq.transport.tcp.TcpTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. It never heals by itself, as it would over {@code failover:}, which waits without an end, sends again what nobody asked it to,
 * and gives to the dead letters what it takes for a duplicate. Thread-safe.
 */
final class ActiveMqLink implements SharedLink.Link {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveMqLink.class);
    private static final Duration LEAST_CLOSE = Duration.ofSeconds(1);
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 10_000;

    /**
     * The broker adds bytes to a message when it delivers it. A frame that then exceeds its limit ends the connection, at each delivery again, unless
     * the encoding is the loose one, whose frames the broker does not measure.
     */
    private static final String ANY_FRAME =
            "&wireFormat.tightEncodingEnabled=false&wireFormat.maxFrameSizeEnabled=false";

    /** A connection that does not close must not keep the process. */
    private static final String DAEMON = "&daemon=true";

    // As the client's own ones, but for the daemon threads.
    private static final int SESSION_PRIORITY = ThreadPriorities.INBOUND_CLIENT_SESSION;
    private static final int TURNS = 1_000;

    /** Above the numbers that the client gives its own. */
    private static final long OWN_SESSION = 1L << 40;

    final ActiveMQConnection connection;
    private final SessionInfo session;
    private final AtomicLong consumers = new AtomicLong();
    private final Map<ConsumerId, Runnable> onClose = new ConcurrentHashMap<>();

    private ActiveMqLink(ActiveMQConnection connection) {
        this.connection = connection;
        this.session = new SessionInfo(connection.getConnectionInfo(), OWN_SESSION);
    }

    /** To the first address that answers, in an order of chance. Blocks. @throws io.oncemq.ConnectionException if none does */
    static ActiveMqLink open(ActiveMqSettings settings) {
        JmsSettings common = settings.common();
        List<String> addresses = new ArrayList<>(common.addresses());
        Collections.shuffle(addresses);
        List<MessagingException> failures = new ArrayList<>();
        for (String address : addresses) {
            try {
                return open(common, address);
            } catch (JMSException | RuntimeException e) {
                failures.add(TlsDiagnosis.explained(
                        ActiveMqErrors.translate("connecting to " + address, e), address, common.tls()));
            }
        }
        throw TlsDiagnosis.worst(failures);
    }

    /** The same for sources that share it. @param broken told when the connection has failed, or the broker reports an error */
    static ActiveMqLink shared(ActiveMqSettings settings, Consumer<Throwable> broken) throws JMSException {
        ActiveMqLink link = open(settings);
        link.connection.addTransportListener(link.new Watching(broken));
        link.connection.setExceptionListener(broken::accept);
        return link;
    }

    private final class Watching extends DefaultTransportListener {
        private final Consumer<Throwable> broken;

        Watching(Consumer<Throwable> broken) {
            this.broken = broken;
        }

        /** A broker may be set to close consumers that it finds slow, and only says so. */
        @Override
        public void onCommand(Object command) {
            if (command instanceof ConsumerControl control && control.isClose()) {
                Runnable closed = onClose.get(control.getConsumerId());
                if (closed != null) {
                    closed.run();
                }
            }
        }

        @Override
        public void onException(IOException error) {
            broken.accept(error);
        }
    }

    private static ActiveMqLink open(JmsSettings settings, String address) throws JMSException {
        long silence = settings.connectionTtl().toMillis();
        Tls tls = settings.tls();
        String scheme = tls == null ? "tcp://" : "ssl://";
        String checks = tls == null ? "" : "&socket.verifyHostName=" + tls.checksHostName();
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(scheme + address + "?connectionTimeout="
                + CONNECT_MILLIS + "&wireFormat.maxInactivityDuration=" + silence
                + "&wireFormat.maxInactivityDurationInitalDelay=" + silence + ANY_FRAME + DAEMON + checks);
        factory.setConnectResponseTimeout(ANSWER_MILLIS);
        factory.setCloseTimeout(ANSWER_MILLIS);
        factory.setSendTimeout(ANSWER_MILLIS);
        factory.setWatchTopicAdvisories(false);
        factory.setCopyMessageOnSend(false);
        // After six it would give a message to the broker's dead letters.
        RedeliveryPolicy forEver = new RedeliveryPolicy();
        forEver.setMaximumRedeliveries(RedeliveryPolicy.NO_MAXIMUM_REDELIVERIES);
        forEver.setInitialRedeliveryDelay(0);
        forEver.setRedeliveryDelay(0);
        factory.setRedeliveryPolicy(forEver);
        ActiveMqLink link = new ActiveMqLink(connected(factory, settings));
        try {
            link.connection.start();
            link.ask(link.session);
            return link;
        } catch (JMSException | RuntimeException e) {
            link.close(Duration.ZERO);
            throw e;
        }
    }

    /** The client takes its TLS context from the thread that connects. */
    private static ActiveMQConnection connected(ActiveMQConnectionFactory factory, JmsSettings settings)
            throws JMSException {
        Tls tls = settings.tls();
        SslContext before = SslContext.getCurrentSslContext();
        try {
            if (tls != null) {
                SslContext own = new SslContext();
                own.setSSLContext(TlsContexts.of(tls));
                SslContext.setCurrentSslContext(own);
            }
            ActiveMQConnection connection =
                    (ActiveMQConnection) factory.createConnection(settings.user(), settings.password());
            connection.setSessionTaskRunner(
                    new TaskRunnerFactory("ActiveMQ Session Task", SESSION_PRIORITY, true, TURNS, false));
            return connection;
        } finally {
            SslContext.setCurrentSslContext(before);
        }
    }

    /** Opens a consumer below JMS. @param closed told when the broker closes it, on the connection's thread */
    void add(ConsumerInfo info, ActiveMQDispatcher arriving, Runnable closed) throws JMSException {
        connection.addDispatcher(info.getConsumerId(), arriving);
        onClose.put(info.getConsumerId(), closed);
        try {
            ask(info);
        } catch (JMSException | RuntimeException e) {
            forget(info);
            throw e;
        }
    }

    void remove(ConsumerInfo info, RemoveInfo remove) throws JMSException {
        try {
            ask(remove);
        } finally {
            forget(info);
        }
    }

    private void forget(ConsumerInfo info) {
        connection.removeDispatcher(info.getConsumerId());
        onClose.remove(info.getConsumerId());
    }

    /**
     * Sends a command, and waits for its answer. Without one the broker may still execute it, and hold messages for a consumer that is
     * forgotten here, so the connection is cut.
     */
    void ask(Command command) throws JMSException {
        try {
            connection.syncSendPacket(command, ANSWER_MILLIS);
        } catch (JMSException e) {
            if (e.getCause() instanceof RequestTimedOutIOException) {
                cut();
            }
            throw e;
        }
    }

    /** A round trip that changes nothing: the broker ignores a session that it knows. @throws JMSException if no answer comes */
    void ping() throws JMSException {
        ask(session);
    }

    /** The name of the broker and the id that it gave itself when it started; empty if it does not tell. Waits for a few seconds. */
    String broker() {
        String name = connection.getBrokerName();
        return name == null ? "" : name + " (" + connection.getBrokerInfo().getBrokerId() + ")";
    }

    /** The largest frame that the broker takes, in bytes ({@code wireFormat.maxFrameSize}); a larger one ends the connection. */
    long largestFrame() {
        TcpTransport transport = connection.getTransport().narrow(TcpTransport.class);
        return transport != null && transport.getWireFormat() instanceof OpenWireFormat format
                ? format.getMaxFrameSize()
                : Long.MAX_VALUE;
    }

    /** Of a further consumer below JMS. */
    ConsumerId nextConsumer() {
        return new ConsumerId(session.getSessionId(), consumers.incrementAndGet());
    }

    /** Closes the socket below: whoever waits in it gets an exception. Throws nothing. */
    @Override
    public void cut() {
        Socket socket = connection.getTransport().narrow(Socket.class);
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("a socket failed to close: {}", e.toString());
            }
        }
    }

    @Override
    public boolean isBroken() {
        return connection.isTransportFailed();
    }

    @Override
    public void close(Duration deadline) {
        closeAll(List.of(this), deadline);
    }

    /**
     * Closes, whatever state the connections are in, and returns after the deadline and two seconds at the most: then nothing is written any
     * more. Throws nothing.
     */
    static void closeAll(List<ActiveMqLink> links, Duration deadline) {
        Duration longest = deadline.compareTo(LEAST_CLOSE) < 0 ? LEAST_CLOSE : deadline;
        List<Thread> closing = links.stream().map(ActiveMqLink::closing).toList();
        try {
            if (!join(closing, longest)) {
                links.forEach(ActiveMqLink::cut);
                join(closing, LEAST_CLOSE);
            }
        } catch (InterruptedException e) {
            links.forEach(ActiveMqLink::cut);
            Thread.currentThread().interrupt();
        }
    }

    private static boolean join(List<Thread> threads, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }

    private Thread closing() {
        Thread thread = JmsTransport.daemon(this::closeConnection, "closing");
        thread.start();
        return thread;
    }

    private void closeConnection() {
        try {
            connection.close();
        } catch (JMSException | RuntimeException e) {
            LOG.debug("a connection failed to close: {}", e.toString());
        }
    }
}
