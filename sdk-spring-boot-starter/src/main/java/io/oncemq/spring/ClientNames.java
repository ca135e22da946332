package io.oncemq.spring;

/** What clients are called in properties and among the beans. */
final class ClientNames {
    /** The name of the default client. */
    static final String DEFAULT = "";

    static final String DEFAULT_BEAN = "messagingClient";

    private ClientNames() {}

    /** What its properties begin with. */
    static String prefix(String client) {
        return client.isEmpty() ? "oncemq." : "oncemq.clients." + client + ".";
    }

    /** The name of its bean; {@code @Qualifier} takes the client's own name. */
    static String bean(String client) {
        return client.isEmpty() ? DEFAULT_BEAN : client + "MessagingClient";
    }
}
