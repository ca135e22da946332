package io.oncemq.torture.check;

import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.PublishOutcome;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All messages of a history, each brought up to date event by event. Used by one thread. */
final class Messages {
    private final Map<String, Message> byId = new HashMap<>();
    /** The names of processes come anew with each line; each is kept once. */
    private final Map<String, String> processes = new HashMap<>();
    /** The same of who receives from where. */
    private final Map<Message.Receipt, Message.Receipt> receipts = new HashMap<>();

    private long effects;

    Collection<Message> all() {
        return byId.values();
    }

    /** How many effects there were, repeated ones included. */
    long effects() {
        return effects;
    }

    /** Takes an event in; gives the message concerned, if there is one. */
    @Nullable
    Message see(Event event) {
        if (event.id().isEmpty()) {
            return null;
        }
        Message message = byId.computeIfAbsent(event.id(), Message::new);
        String process = processes.computeIfAbsent(event.process(), name -> name);
        switch (event.kind()) {
            case PUBLISH_INVOKED -> invoked(message, event, process);
            case PUBLISH_ENDED -> ended(message, event);
            case SENT_AGAIN -> message.sentAgain++;
            case RECEIVED -> {
                message.receivedAt = Math.min(message.receivedAt, event.nanos());
                message.received(receipts.computeIfAbsent(new Message.Receipt(process, Place.of(event)), each -> each));
            }
            case STORE_ASKED -> asked(message, event, process);
            case STORE_ANSWERED -> answered(message, event, process);
            case HANDLER_ENDED ->
                message.runEnded(
                        process, event.token(), event.nanos(), event.text().equals("FAILED"));
            case EFFECT -> {
                effects++;
                name(message, event);
                message.effects.add(new Effect(event.nanos(), process, event.token()));
            }
            case DEAD_LETTER_SENT -> message.deadLetterAt = Math.min(message.deadLetterAt, event.nanos());
            case DEAD_LETTER_FOUND -> message.inDeadLetter = true;
            default -> {}
        }
        return message;
    }

    private static void name(Message message, Event event) {
        if (message.key.isEmpty() && message.sequence == 0) {
            message.key = event.key();
            message.sequence = event.sequence();
        }
    }

    private static void invoked(Message message, Event event, String process) {
        name(message, event);
        message.publisher = process;
        message.expected = event.text();
        message.invokedAt = Math.min(message.invokedAt, event.nanos());
        message.triedAt = event.nanos();
        message.openTries++;
        message.tries++;
    }

    private static void ended(Message message, Event event) {
        message.openTries--;
        if (message.triedAt != Message.NEVER) {
            Span before = message.longestTry;
            if (before == null || event.nanos() - message.triedAt > before.to() - before.from()) {
                message.longestTry = new Span(message.triedAt, event.nanos());
            }
        }
        message.outcome = event.text();
        switch (PublishOutcome.valueOf(event.text())) {
            case CONFIRMED -> {
                if (message.confirmedAt == Message.NEVER) {
                    message.confirmedAt = event.nanos();
                    message.confirmedTryAt = message.triedAt;
                }
            }
            case REJECTED, NOT_ATTEMPTED -> message.refusals.add(new Span(message.triedAt, event.nanos()));
            case UNKNOWN -> message.unknowns.add(new Span(message.triedAt, event.nanos()));
        }
    }

    private static void asked(Message message, Event event, String process) {
        StoreCommand.Type command = StoreCommand.Type.valueOf(event.text());
        message.ask(process, event.owner(), command, event.nanos());
        Grant grant = message.grant(process, event.owner());
        if (grant != null) {
            grant.asked(command, event.nanos());
        }
    }

    private static void answered(Message message, Event event, String process) {
        int space = event.text().indexOf(' ');
        StoreCommand.Type command = StoreCommand.Type.valueOf(event.text().substring(0, space));
        StoreAnswer.Kind answer = StoreAnswer.Kind.valueOf(event.text().substring(space + 1));
        long askedAt = message.answered(process, event.owner(), command, event.nanos());
        switch (command) {
            case CLAIM -> claimed(message, event, process, answer, askedAt);
            case RENEW, START, DEAD_LETTERING -> extended(message.grant(process, event.owner()), answer, askedAt);
            case COMPLETE -> completed(message, event, process, answer, askedAt);
            case DEAD_LETTERED -> {
                if (answer != StoreAnswer.Kind.UNKNOWN) {
                    message.settled(process);
                }
            }
            case RELEASE -> {}
        }
    }

    private static void claimed(Message message, Event event, String process, StoreAnswer.Kind answer, long askedAt) {
        switch (answer) {
            case ACQUIRED, MINE, IN_DOUBT, DEAD_LETTERING ->
                message.grants.add(new Grant(process, event.owner(), askedAt, event.nanos(), event.token()));
            case DONE -> {
                message.toldFirst = message.doneTo == Message.NEVER ? process : message.toldFirst;
                message.doneTo = Math.min(message.doneTo, event.nanos());
                message.toldDone.add(new Span(askedAt, event.nanos()));
                message.settled(process);
            }
            case DEAD_LETTERED, PARKED -> {
                message.deadLetteredTo = Math.min(message.deadLetteredTo, event.nanos());
                message.settled(process);
            }
            default -> {}
        }
    }

    private static void extended(@Nullable Grant grant, StoreAnswer.Kind answer, long askedAt) {
        if (grant != null && (answer == StoreAnswer.Kind.OK || answer == StoreAnswer.Kind.LATE)) {
            grant.extendedAt = Math.max(grant.extendedAt, askedAt);
        }
    }

    private static void completed(Message message, Event event, String process, StoreAnswer.Kind answer, long askedAt) {
        if (answer == StoreAnswer.Kind.UNKNOWN) {
            return;
        }
        message.settled(process);
        Grant grant = message.grant(process, event.owner());
        if (grant != null && grant.done == null && answer != StoreAnswer.Kind.STOLEN) {
            grant.done = new Span(askedAt, event.nanos());
        }
    }
}
