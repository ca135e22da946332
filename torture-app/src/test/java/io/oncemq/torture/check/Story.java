package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Expected;
import io.oncemq.torture.history.History;
import io.oncemq.torture.history.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A history by hand. Each event happens a millisecond after the one before. The key of a message {@code k1} is {@code k}, its sequence 1. */
final class Story {
    static final long LEASE = 5_000;
    static final long REMEMBER = 3_600_000;
    static final long RECOVERY = 10_000;

    private final List<Event> events = new ArrayList<>();
    private final Map<String, Long> owners = new HashMap<>();
    private final Map<String, Long> tags = new HashMap<>();
    private final Map<String, Long> tokens = new HashMap<>();
    private final Set<String> torn = new TreeSet<>();
    private long millis = 1_000;
    private long numbers;
    private String process = "driver";
    private String shard = "s";

    Story() {
        setting("lease", LEASE * 1_000_000);
        setting("handlerTimeout", 60_000_000_000L);
        setting("rememberFor", REMEMBER * 1_000_000);
        setting("recovery", RECOVERY * 1_000_000);
        setting("delivery", RECOVERY * 3 / 2 * 1_000_000);
        setting("maxInFlight", 100);
        setting("concurrency", 4);
        setting("maxAttempts", 12);
        setting("exclusiveShards", 1);
    }

    Story setting(String name, long value) {
        return add(event(Kind.CONFIGURED, "", value, name));
    }

    /** So much time goes by. */
    Story later(long ms) {
        millis += ms;
        return this;
    }

    /** What follows happens in this process. */
    Story in(String name) {
        process = name;
        return this;
    }

    /** What is received from now on is of this shard. */
    Story of(String name) {
        shard = name;
        return this;
    }

    Story invoked(String id) {
        return add(event(Kind.PUBLISH_INVOKED, id, 0, ""));
    }

    /** Confirmed, and it is known what has to become of it. */
    Story published(String id, Expected expected) {
        return add(event(Kind.PUBLISH_INVOKED, id, 0, expected.name())).ended(id, "CONFIRMED");
    }

    Story ended(String id, String outcome) {
        return add(event(Kind.PUBLISH_ENDED, id, 0, outcome));
    }

    /** Given to the broker again, by the publisher itself. */
    Story sentAgain(String id) {
        return add(event(Kind.SENT_AGAIN, id, 0, ""));
    }

    /** The broker answers what it was given so long ago. */
    Story answeredLate(String id, long ms) {
        return add(event(Kind.ANSWERED_LATE, id, ms * 1_000_000, ""));
    }

    Story published(String... ids) {
        for (String id : ids) {
            invoked(id).ended(id, "CONFIRMED");
        }
        return this;
    }

    Story assigned(String name) {
        return add(place(Kind.ASSIGNED, "", name, 1, 0, ""));
    }

    Story revoking(String name) {
        return add(place(Kind.REVOKING, "", name, 1, 0, ""));
    }

    Story revoked(String name) {
        return revoking(name).givenBack(name);
    }

    /** What was being revoked already. */
    Story givenBack(String name) {
        return add(place(Kind.REVOKED, "", name, 1, 0, ""));
    }

    Story lost(String name) {
        return add(place(Kind.LOST, "", name, 1, 0, ""));
    }

    Story received(String id) {
        tags.put(process + id, ++numbers);
        return add(place(Kind.RECEIVED, id, shard, 1, numbers, ""));
    }

    /** An acknowledgement of this message alone. */
    Story acked(String id) {
        return add(place(Kind.ACKNOWLEDGED, "", shard, 1, -1, Long.toString(tags.get(process + id))));
    }

    /** An acknowledgement of everything up to this message. */
    Story ackedThrough(String id) {
        return add(place(Kind.ACKNOWLEDGED, "", shard, 1, tags.get(process + id), ""));
    }

    Story claim(String id, String answer) {
        return claim(id, answer, millis * 1_000);
    }

    Story claim(String id, String answer, long token) {
        owners.put(process + id, ++numbers);
        tokens.put(process + id, token);
        asked("CLAIM", id);
        return answered("CLAIM", answer, id, token);
    }

    /** What this process does with the message from now on has this token. */
    Story withToken(String id, long token) {
        tokens.put(process + id, token);
        return this;
    }

    Story asked(String command, String id) {
        return add(store(Kind.STORE_ASKED, id, 0, command));
    }

    Story answered(String command, String answer, String id, long token) {
        return add(store(Kind.STORE_ANSWERED, id, token, command + " " + answer));
    }

    Story renewed(String id) {
        return asked("RENEW", id).answered("RENEW", "OK", id, 0);
    }

    Story done(String id) {
        return asked("COMPLETE", id).answered("COMPLETE", "OK", id, 0);
    }

    Story started(String id) {
        return add(handler(Kind.HANDLER_STARTED, id, ""));
    }

    Story effect(String id) {
        return add(handler(Kind.EFFECT, id, ""));
    }

    Story handlerEnded(String id) {
        return add(handler(Kind.HANDLER_ENDED, id, "OK"));
    }

    Story handlerFailed(String id) {
        return add(handler(Kind.HANDLER_ENDED, id, "FAILED"));
    }

    /** From receipt to effect. */
    Story handles(String id) {
        return received(id).claim(id, "ACQUIRED").started(id).effect(id).handlerEnded(id);
    }

    /** From receipt to acknowledgement. */
    Story settles(String... ids) {
        for (String id : ids) {
            handles(id).done(id).acked(id);
        }
        return this;
    }

    Story deadLetterSent(String id) {
        return add(event(Kind.DEAD_LETTER_SENT, id, 0, ""));
    }

    /** A session gives it back. */
    Story deadLetterReturned(String id) {
        return add(event(Kind.DEAD_LETTER_RETURNED, id, 0, ""));
    }

    Story deadLetters(String id) {
        return deadLetterSent(id).asked("DEAD_LETTERED", id).answered("DEAD_LETTERED", "OK", id, 0);
    }

    Story deadLetterFound(String id) {
        String before = process;
        return in("driver").add(event(Kind.DEAD_LETTER_FOUND, id, 0, "")).in(before);
    }

    /** For at least so long this process holds a claim of this message and renews it in time; it received it before. */
    Story keepsRenewing(String id, long ms) {
        for (long until = millis + ms; millis < until; ) {
            later(LEASE / 3).renewed(id);
        }
        return this;
    }

    /** Of the driver: how many threads want a processor, in percent of the processors. */
    Story load(long percent) {
        return add(event(Kind.ALIVE, "", percent, ""));
    }

    Story alive() {
        return add(event(Kind.ALIVE, "", 0, ""));
    }

    /** Something that the driver tells. */
    Story run(Kind kind, String text) {
        return run(kind, text, 0);
    }

    Story run(Kind kind, String text, long number) {
        String before = process;
        process = "driver";
        add(event(kind, "", number, text));
        process = before;
        return this;
    }

    Judgement ends() {
        run(Kind.QUIESCENT, "");
        return judge();
    }

    /** Not every line of this process is whole. */
    Story torn(String name) {
        torn.add(name);
        return this;
    }

    Judgement judge() {
        return Judge.of(history());
    }

    History history() {
        List<Event> inOrder = new ArrayList<>(events);
        inOrder.sort(Comparator.comparingLong(Event::nanos));
        return new History() {
            @Override
            public void forEach(Consumer<? super Event> sink) {
                inOrder.forEach(sink);
            }

            @Override
            public Set<String> torn() {
                return torn;
            }
        };
    }

    private Story add(Event event) {
        events.add(event);
        millis++;
        return this;
    }

    private Event event(Kind kind, String id, long number, String text) {
        return whole(kind, id, "", 0, 0, 0, 0, number, text);
    }

    private Event place(Kind kind, String id, String shard, long epoch, long tag, String text) {
        return whole(kind, id, shard, epoch, tag, 0, 0, 0, text);
    }

    private Event store(Kind kind, String id, long token, String text) {
        return whole(kind, id, "", 0, 0, owners.get(process + id), token, 0, text);
    }

    private Event handler(Kind kind, String id, String text) {
        return whole(kind, id, "", 0, 0, 0, tokens.getOrDefault(process + id, 0L), 0, text);
    }

    private Event whole(
            Kind kind,
            String id,
            String shard,
            long epoch,
            long tag,
            long owner,
            long token,
            long number,
            String text) {
        String key = id.replaceAll("[0-9]", "");
        long sequence = id.isEmpty() ? 0 : Long.parseLong(id.replaceAll("[^0-9]", ""));
        return new Event(
                millis * 1_000_000, process, kind, id, key, sequence, shard, epoch, tag, owner, token, number, text);
    }
}
