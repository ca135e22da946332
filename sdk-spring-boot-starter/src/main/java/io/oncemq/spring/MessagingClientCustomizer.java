package io.oncemq.spring;

import io.oncemq.MessagingClientBuilder;

/** Changes a client before it is built, after the properties were applied; several are asked in their order. */
@FunctionalInterface
public interface MessagingClientCustomizer {
    /** @param client its name below {@code oncemq.clients}; empty for the default client */
    void customize(String client, MessagingClientBuilder builder);
}
