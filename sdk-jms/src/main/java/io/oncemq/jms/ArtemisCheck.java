package io.oncemq.jms;

import io.oncemq.AuthenticationException;
import io.oncemq.Finding;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientRequestor;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.management.AddressSettingsInfo;
import org.apache.activemq.artemis.api.core.management.ManagementHelper;
import org.apache.activemq.artemis.api.core.management.ResourceNames;

/** The settings that a confirm rests on, asked for as management messages. Stateless; every method blocks. */
final class ArtemisCheck {
    private static final String MANAGEMENT = "activemq.management";
    private static final long ANSWER_MILLIS = 10_000;
    private static final int FOR_EVER = -1;
    private static final String BROKER = "Artemis";

    private ArtemisCheck() {}

    private interface Writing {
        void to(ClientMessage message) throws Exception;
    }

    static List<Finding> broker(ClientSession session) throws Exception {
        List<Finding> findings = new ArrayList<>();
        require(findings, session, "persistence-enabled", "persistenceEnabled", "a broker without a journal loses all");
        require(
                findings,
                session,
                "journal-sync-non-transactional",
                "journalSyncNonTransactional",
                "it would confirm what is not on its disk");
        return findings;
    }

    private static void require(
            List<Finding> findings, ClientSession session, String setting, String attribute, String otherwise)
            throws Exception {
        try {
            Object value =
                    ask(session, request -> ManagementHelper.putAttribute(request, ResourceNames.BROKER, attribute));
            if (!Boolean.TRUE.equals(value)) {
                findings.add(Finding.violation(
                        BROKER, setting, String.valueOf(value), "must be true: " + otherwise, "Set it in broker.xml"));
            }
        } catch (AuthenticationException e) {
            findings.add(unchecked(BROKER, setting, "must be true: " + otherwise));
        }
    }

    private static Finding unchecked(String component, String setting, String requirement) {
        return Finding.unchecked(
                component,
                setting,
                "the user may not ask " + MANAGEMENT,
                requirement,
                "Give the user the permission manage on " + MANAGEMENT + ", or accept it by name with"
                        + " acceptUnchecked(\"" + setting + "\", reason) once you have checked it");
    }

    /** The settings of a destination's address, whether it exists or not. */
    static List<Finding> address(ClientSession session, String destination) throws Exception {
        String component = component(destination);
        AddressSettingsInfo settings;
        try {
            Object json = ask(
                    session,
                    request -> ManagementHelper.putOperationInvocation(
                            request, ResourceNames.BROKER, "getAddressSettingsAsJSON", destination));
            settings = AddressSettingsInfo.fromJSON(String.valueOf(json));
        } catch (AuthenticationException e) {
            return List.of(unchecked(component, "address-settings", "must keep what was confirmed"));
        }
        List<Finding> findings = new ArrayList<>();
        if ("DROP".equals(settings.getAddressFullMessagePolicy())) {
            findings.add(Finding.violation(
                    component,
                    "address-full-policy",
                    "DROP",
                    "must not be DROP: a full address would confirm messages and throw them away",
                    "Use PAGE, BLOCK or FAIL in broker.xml"));
        }
        String deadLetters = settings.getDeadLetterAddress();
        boolean counts = settings.getMaxDeliveryAttempts() != FOR_EVER;
        if (counts && (deadLetters == null || deadLetters.isEmpty())) {
            findings.add(Finding.violation(
                    component,
                    "dead-letter-address",
                    "none, with max-delivery-attempts = " + settings.getMaxDeliveryAttempts(),
                    "must be set: the broker drops a message that was delivered more often, for example to processes that crashed",
                    "Set dead-letter-address, or max-delivery-attempts to -1, in broker.xml"));
        }
        if (counts) {
            findings.add(Finding.advice(
                    component,
                    "max-delivery-attempts",
                    settings.getMaxDeliveryAttempts(),
                    "should be -1: the broker counts a delivery for each process that dies with the message, and then moves it away"
                            + " unhandled",
                    "Set it to -1 in broker.xml; OnceMQ counts attempts itself"));
        }
        if (settings.getRedeliveryDelay() > 0) {
            findings.add(Finding.violation(
                    component,
                    "redelivery-delay",
                    settings.getRedeliveryDelay(),
                    "must be 0: later messages of a key would overtake a message that a crashed process returns",
                    "Set it to 0 in broker.xml; OnceMQ itself waits between attempts"));
        }
        return findings;
    }

    static Finding missing(String destination) {
        return Finding.violation(
                component(destination),
                "existence",
                "missing",
                "must exist before the first message, with its groups",
                "Call MessagingClient.ensure(DestinationSpec.builder(\"" + destination + "\").group(…).build())");
    }

    private static String component(String destination) {
        return "Artemis address " + destination;
    }

    private static Object ask(ClientSession session, Writing writing) throws Exception {
        ClientMessage request = session.createMessage(false);
        writing.to(request);
        try (ClientRequestor requestor = new ClientRequestor(session, MANAGEMENT)) {
            ClientMessage reply = requestor.request(request, ANSWER_MILLIS);
            if (reply == null) {
                throw new io.oncemq.ConnectionException("Artemis did not answer a request for its settings");
            }
            Object result = ManagementHelper.getResult(reply);
            if (!ManagementHelper.hasOperationSucceeded(reply)) {
                throw new io.oncemq.MessagingException("Artemis refuses to return its settings: " + result, null);
            }
            return result;
        } catch (org.apache.activemq.artemis.api.core.ActiveMQException e) {
            throw ArtemisErrors.translate("asking for the broker's settings", e);
        }
    }
}
