package io.oncemq.testkit.server;

import java.util.List;
import java.util.Map;

/** Users of a RocketMQ cluster and what they may do, which each broker keeps for itself. Not thread-safe; its server locks. */
final class RocketUsers {
    private final List<RocketBroker> brokers;

    RocketUsers(List<RocketBroker> brokers) {
        this.brokers = brokers;
    }

    void create(String name, String secret) {
        write(RocketTalk.CREATE_USER, name, secret);
    }

    void changePassword(String name, String secret) {
        write(RocketTalk.CHANGE_USER, name, secret);
    }

    private void write(int request, String name, String secret) {
        String user = "{\"username\":\"" + name + "\",\"password\":\"" + secret + "\",\"userType\":\"Normal\"}";
        brokers.forEach(broker -> broker.ask(request, Map.of("username", name), user));
    }

    /** @param request to create rights for who has none, or to add to them */
    void allow(int request, String name, String resource, String... actions) {
        String subject = "User:" + name;
        String rights = "{\"subject\":\"" + subject
                + "\",\"policies\":[{\"policyType\":\"Custom\",\"entries\":[{\"resource\":\""
                + resource + "\",\"actions\":[\"" + String.join("\",\"", actions)
                + "\"],\"decision\":\"Allow\"}]}]}";
        brokers.forEach(broker -> broker.ask(request, Map.of("subject", subject), rights));
    }

    void disallow(String name, String resource) {
        Map<String, String> rights = Map.of("subject", "User:" + name, "policyType", "Custom", "resource", resource);
        brokers.forEach(broker -> broker.ask(RocketTalk.DELETE_RIGHTS, rights, ""));
    }
}
