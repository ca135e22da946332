package io.oncemq.jms;

import io.oncemq.MessagingException;
import io.oncemq.spi.support.TlsDiagnosis;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQConnection;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. It never heals by itself: what the client re-attaches or sends again on its own would be neither confirmed nor in
 * order as far as we could tell. Thread-safe.
 */
final class ArtemisLink implements SharedLink.Link {
    private static final Logger LOG = LoggerFactory.getLogger(ArtemisLink.class);
    private static final Duration LEAST_CLOSE = Duration.ofSeconds(1);
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 10_000;
    /** With none the client calls a message confirmed when it has written it (A1). */
    private static final int CONFIRMATION_WINDOW = 1 << 20;

    private static final int NO_CONFIRMS = -1;
    private static final int SMALLEST_WINDOW = 1;
    /** The credit that an address gives: what may be on its way to it, in bytes. */
    private static final int PRODUCER_WINDOW = 1 << 20;
    /**
     * The body size up to which a message is sent in one piece; beside a larger body the properties must stay below this size. For other
     * clients it is 100 KiB by default, so their messages fit here with the headers of a dead letter.
     */
    static final int ONE_PIECE = (100 << 10) + (64 << 10);
    /** Looks within the time after which a connection counts as dead. */
    private static final int LOOKS = 3;

    final ActiveMQConnection connection;
    private final ActiveMQConnectionFactory factory;
    private final @Nullable String user;
    private final @Nullable String password;

    private ArtemisLink(ActiveMQConnectionFactory factory, ActiveMQConnection connection, JmsSettings settings) {
        this.factory = factory;
        this.user = settings.user();
        this.password = settings.password();
        this.connection = connection;
    }

    /** For sending. @throws io.oncemq.ConnectionException if no address answers */
    static ArtemisLink publishing(JmsSettings settings) {
        return open(settings, SMALLEST_WINDOW, CONFIRMATION_WINDOW);
    }

    /**
     * For sources that share it. @param broken told when the connection has failed
     *
     * @throws io.oncemq.ConnectionException if no address answers
     */
    static ArtemisLink shared(JmsSettings settings, Consumer<Throwable> broken) throws JMSException {
        ArtemisLink link = receiving(settings, SMALLEST_WINDOW);
        try {
            link.connection.setExceptionListener(broken::accept);
            link.connection.start();
            return link;
        } catch (JMSException | RuntimeException e) {
            link.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * For receiving, and for questions. Without confirms, since a broker that gives them keeps what it has delivered over a broken connection
     * for the client to come back, until the connection counts as dead.
     *
     * @param consumerWindow how many bytes of messages the broker may send ahead to each consumer
     * @throws io.oncemq.ConnectionException if no address answers
     */
    static ArtemisLink receiving(JmsSettings settings, int consumerWindow) {
        return open(settings, consumerWindow, NO_CONFIRMS);
    }

    /** To the first address that answers, in an order of chance. Blocks. */
    private static ArtemisLink open(JmsSettings settings, int consumerWindow, int confirmationWindow) {
        List<String> addresses = new ArrayList<>(settings.addresses());
        Collections.shuffle(addresses);
        List<MessagingException> failures = new ArrayList<>();
        for (String address : addresses) {
            try {
                return open(settings, address, consumerWindow, confirmationWindow);
            } catch (JMSException | JMSRuntimeException e) {
                failures.add(TlsDiagnosis.explained(
                        ArtemisErrors.translate("connecting to " + address, e), address, settings.tls()));
            }
        }
        throw TlsDiagnosis.worst(failures);
    }

    private static ArtemisLink open(JmsSettings settings, String address, int consumerWindow, int confirmationWindow)
            throws JMSException {
        try (ArtemisTls.Offer offer = ArtemisTls.offer(settings.tls())) {
            String options = "?connect-timeout-millis=" + CONNECT_MILLIS + "&tcpNoDelay=true" + offer.options();
            ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("tcp://" + address + options);
            configure(factory, settings, consumerWindow, confirmationWindow);
            return connected(factory, settings);
        }
    }

    private static void configure(
            ActiveMQConnectionFactory factory, JmsSettings settings, int consumerWindow, int confirmationWindow) {
        factory.setReconnectAttempts(0);
        factory.setInitialConnectAttempts(1);
        factory.setUseTopologyForLoadBalancing(false);
        factory.setCallTimeout(ANSWER_MILLIS);
        factory.setConnectionTTL(settings.connectionTtl().toMillis());
        factory.setClientFailureCheckPeriod(settings.connectionTtl().toMillis() / LOOKS);
        factory.setConfirmationWindowSize(confirmationWindow);
        // Of what is sent here besides, which is questions, a refusal is told and not waited for in vain.
        factory.setBlockOnNonDurableSend(true);
        factory.setProducerWindowSize(PRODUCER_WINDOW);
        factory.setConsumerWindowSize(consumerWindow);
        factory.setMinLargeMessageSize(ONE_PIECE);
    }

    private static ArtemisLink connected(ActiveMQConnectionFactory factory, JmsSettings settings) throws JMSException {
        try {
            return new ArtemisLink(
                    factory,
                    (ActiveMQConnection) factory.createConnection(settings.user(), settings.password()),
                    settings);
        } catch (JMSException | RuntimeException e) {
            factory.close();
            throw e;
        }
    }

    /** Whose messages are acknowledged one by one, below JMS. Not started. */
    ClientSession openSession() throws ActiveMQException {
        return connection
                .getSessionFactory()
                .createSession(
                        user,
                        password,
                        false,
                        true,
                        false,
                        false,
                        factory.getServerLocator().getAckBatchSize());
    }

    /**
     * Closes a session below JMS, which throws nothing. Without an answer the broker may still hold messages for it, so the connection is cut, and
     * the broker takes them back.
     */
    void close(ClientSession session) throws ActiveMQException {
        long since = System.nanoTime();
        session.close();
        if (System.nanoTime() - since >= TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS)) {
            cut();
        }
    }

    @Override
    public boolean isBroken() {
        RemotingConnection remoting = remoting();
        return remoting == null || remoting.isDestroyed();
    }

    /** Null where there is none, also after the client itself has given up and closed what makes it. */
    private @Nullable RemotingConnection remoting() {
        try {
            return connection.getSessionFactory().getConnection();
        } catch (IllegalStateException closed) {
            return null;
        }
    }

    /** Closes the socket below: whoever waits in it gets an exception. Throws nothing. */
    @Override
    public void cut() {
        RemotingConnection remoting = remoting();
        if (remoting != null) {
            remoting.getTransportConnection().forceClose();
        }
    }

    /**
     * Closes, whatever state the connection is in, and returns after the deadline and two seconds at the most: then nothing is written any more.
     * Throws nothing.
     */
    @Override
    public void close(Duration deadline) {
        Duration longest = deadline.compareTo(LEAST_CLOSE) < 0 ? LEAST_CLOSE : deadline;
        Thread closing = JmsTransport.daemon(this::closeAll, "closing");
        closing.start();
        try {
            closing.join(longest.toMillis());
            if (closing.isAlive()) {
                cut();
                closing.join(LEAST_CLOSE.toMillis());
            }
        } catch (InterruptedException e) {
            cut();
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll() {
        try {
            connection.close();
        } catch (JMSException | RuntimeException e) {
            LOG.debug("a connection failed to close: {}", e.toString());
        } finally {
            factory.close();
        }
    }
}
