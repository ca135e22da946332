package io.oncemq;

/** What {@link MessagingClientBuilder#build} does about a broker or a store that does not answer. */
public enum Startup {
    /** It throws a {@link ConnectionException}: a client is always connected. The default. */
    REQUIRED,
    /**
     * It returns at once, and the client connects on a thread of its own: for a service that has work without its broker. Until
     * {@link MessagingClient#connected} a publisher waits to its deadline, and other calls throw a {@link ConnectionException}.
     */
    BACKGROUND
}
