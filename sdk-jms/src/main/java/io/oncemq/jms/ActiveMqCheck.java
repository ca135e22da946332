package io.oncemq.jms;

import io.oncemq.Finding;
import java.util.List;

/** The settings that a confirm rests on. Classic tells them over JMX alone, so each is left to whoever looks. */
final class ActiveMqCheck {
    private static final String BROKER = "ActiveMQ";
    private static final String ONLY_JMX = "it can be read over JMX only";

    private ActiveMqCheck() {}

    static List<Finding> broker() {
        return List.of(
                unchecked("persistent", "must be true: a broker without a store loses all"),
                unchecked("journalDiskSyncStrategy", "must be ALWAYS: it would confirm what is not on its disk"));
    }

    private static Finding unchecked(String setting, String requirement) {
        return Finding.unchecked(
                BROKER,
                setting,
                ONLY_JMX,
                requirement,
                "Look into activemq.xml, and accept it by name with acceptUnchecked(\"" + setting + "\", reason)");
    }

    static Finding missing(String destination) {
        return Finding.violation(
                BROKER + " destination " + destination,
                "existence",
                "missing",
                "must exist before the first message, with its groups",
                "Call MessagingClient.ensure(DestinationSpec.builder(\"" + destination + "\").group(…).build())");
    }
}
