package io.oncemq.rocket;

import io.oncemq.Tls;
import java.util.UUID;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.MQClientManager;
import org.apache.rocketmq.client.impl.factory.MQClientInstance;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.remoting.RPCHook;
import org.jspecify.annotations.Nullable;

/** Makes RocketMQ's own clients as the settings say, each with connections of its own. Thread-safe. */
final class RocketClients {
    private static final String GROUP = "oncemq";
    private static final int ROUTE_POLL_MILLIS = 5_000;

    private RocketClients() {}

    /** A client for questions, started. */
    static MQClientInstance client(RocketSettings settings, String clientId) {
        ClientConfig config = configure(new ClientConfig(), settings, clientId);
        MQClientInstance client = instance(settings, config);
        start(client::start);
        return client;
    }

    /** A client of this configuration, not started. */
    static MQClientInstance instance(RocketSettings settings, ClientConfig config) {
        MQClientInstance client = MQClientManager.getInstance().getOrCreateMQClientInstance(config, hook(settings));
        Tls tls = settings.tls();
        if (tls != null) {
            RocketTls.give(client, tls);
        }
        return client;
    }

    /** Started; what retries by itself is off. */
    static DefaultMQProducer producer(RocketSettings settings, String clientId) {
        DefaultMQProducer producer = new DefaultMQProducer(GROUP, hook(settings));
        configure(producer, settings, clientId);
        producer.setRetryTimesWhenSendFailed(0);
        producer.setRetryTimesWhenSendAsyncFailed(0);
        producer.setRetryAnotherBrokerWhenNotStoreOK(false);
        // It takes the client of its instance name.
        instance(settings, producer);
        start(producer::start);
        return producer;
    }

    /** Clients of equal instance names would share connections, and a shutdown. */
    static <T extends ClientConfig> T configure(T client, RocketSettings settings, String clientId) {
        client.setNamesrvAddr(settings.joined());
        client.setInstanceName(clientId + "-" + UUID.randomUUID());
        client.setPollNameServerInterval(ROUTE_POLL_MILLIS);
        client.setUseTLS(settings.tls() != null);
        return client;
    }

    static @Nullable RPCHook hook(RocketSettings settings) {
        String access = settings.accessKey();
        String secret = settings.secretKey();
        return access == null || secret == null ? null : new AclClientRPCHook(new SessionCredentials(access, secret));
    }

    private interface Start {
        void run() throws MQClientException;
    }

    private static void start(Start client) {
        try {
            client.run();
        } catch (MQClientException e) {
            throw RocketErrors.translate("starting RocketMQ's client", e);
        }
    }
}
