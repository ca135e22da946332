package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.History;
import io.oncemq.torture.history.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The history of a run, and copies of it in which one thing is changed that no library may do. It is kept in memory. A change is made to
 * messages to which nothing else happened: handled once, by a process that was not killed, and published at the first try.
 */
public final class EditedHistory {
    private static final int TRIES = 3;
    private static final long MILLI = 1_000_000;
    private static final long DEATH = 20_000 * MILLI;

    private final List<Event> events = new ArrayList<>();
    /** The events of each message, in order. */
    private final Map<String, List<Event>> messages = new LinkedHashMap<>();

    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final Judgement unedited;

    EditedHistory(History history) {
        Map<String, String> known = new HashMap<>();
        UnaryOperator<String> kept = text -> known.computeIfAbsent(text, same -> same);
        history.forEach(each -> {
            Event event = new Event(
                    each.nanos(),
                    kept.apply(each.process()),
                    each.kind(),
                    kept.apply(each.id()),
                    kept.apply(each.key()),
                    each.sequence(),
                    kept.apply(each.shard()),
                    each.epoch(),
                    each.tag(),
                    each.owner(),
                    each.token(),
                    each.number(),
                    kept.apply(each.text()));
            events.add(event);
            acknowledgements.see(event);
            if (!event.id().isEmpty()) {
                messages.computeIfAbsent(event.id(), id -> new ArrayList<>()).add(event);
            }
        });
        unedited = Judge.of(History.of(events));
    }

    /**
     * Makes each change that can be made to some message of a history.
     *
     * @return the changes that the judge did not find, tried on up to three messages from the whole run
     */
    public static List<String> notFound(History history) {
        EditedHistory whole = new EditedHistory(history);
        List<String> missed = new ArrayList<>();
        for (Edit edit : Edit.values()) {
            int count = whole.count(edit);
            boolean found = count == 0;
            for (int i = 0; i < Math.min(TRIES, count) && !found; i++) {
                found = Boolean.TRUE.equals(whole.finds(edit, count * (2 * i + 1) / (2 * TRIES)));
            }
            if (!found) {
                missed.add(edit + ", which suits " + count + " messages");
            }
        }
        return missed;
    }

    /** Of the history as it is. */
    Judgement judgement() {
        return unedited;
    }

    /** What is changed, and which rules may say so. */
    enum Edit {
        A_MESSAGE_IS_DROPPED(Rule.LOST) {
            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                return whole.without(
                        message.stream().filter(each -> !isOfPublishing(each)).toList());
            }
        },
        A_DEAD_LETTER_IS_DROPPED(Rule.LOST) {
            @Override
            boolean suits(EditedHistory whole, List<Event> message) {
                return has(message, Kind.DEAD_LETTER_FOUND);
            }

            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                return whole.without(all(message, each -> each.kind() == Kind.DEAD_LETTER_FOUND));
            }
        },
        A_DEAD_LETTER_IS_SENT_FOR_A_HEALTHY_MESSAGE(Rule.LOST, Rule.DEAD_LETTER) {
            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                return whole.with(copy(one(message, Kind.EFFECT), MILLI, Kind.DEAD_LETTER_SENT, ""));
            }
        },
        AN_EFFECT_IS_REPEATED(Rule.DUPLICATE) {
            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                Event effect = one(message, Kind.EFFECT);
                return whole.with(copy(effect, MILLI, Kind.EFFECT, effect.text()));
            }
        },
        AN_EFFECT_IS_MISSING(Rule.FALSE_SUPPRESSION, Rule.LOST) {
            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                return whole.without(all(message, each -> each.kind() == Kind.EFFECT));
            }
        },
        AN_EFFECT_COMES_AFTER_DONE(Rule.FALSE_SUPPRESSION, Rule.COMPLETION, Rule.UNCLAIMED) {
            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                Event effect = one(message, Kind.EFFECT);
                Event done = all(message, each -> is(each, Kind.STORE_ANSWERED, "COMPLETE OK"))
                        .get(0);
                List<Event> edited = whole.without(List.of(effect));
                edited.add(copy(effect, done.nanos() - effect.nanos() + MILLI, Kind.EFFECT, effect.text()));
                return edited;
            }
        },
        DONE_IS_NOT_ASKED_FOR(Rule.COMPLETION, Rule.PREMATURE_ACK) {
            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                return whole.without(all(message, each -> each.text().startsWith("COMPLETE")));
            }
        },
        AN_ACKNOWLEDGEMENT_COMES_EARLY(Rule.PREMATURE_ACK) {
            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                Event received = one(message, Kind.RECEIVED);
                return whole.with(new Event(
                        received.nanos() + 1,
                        received.process(),
                        Kind.ACKNOWLEDGED,
                        "",
                        "",
                        0,
                        received.shard(),
                        received.epoch(),
                        -1,
                        0,
                        0,
                        0,
                        Long.toString(received.tag())));
            }
        },
        AN_ACKNOWLEDGED_MESSAGE_COMES_AGAIN(Rule.REDELIVERED) {
            @Override
            boolean suits(EditedHistory whole, List<Event> message) {
                return super.suits(whole, message) && whole.acknowledgements.of(one(message, Kind.RECEIVED)) != null;
            }

            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                Event received = one(message, Kind.RECEIVED);
                Event acknowledged = Objects.requireNonNull(whole.acknowledgements.of(received));
                return whole.with(copy(received, acknowledged.nanos() - received.nanos() + MILLI, Kind.RECEIVED, ""));
            }
        },
        AN_OUTCOME_IS_MISSING(Rule.HUNG_FUTURE) {
            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                return whole.without(all(message, each -> each.kind() == Kind.PUBLISH_ENDED));
            }
        },
        A_STORED_MESSAGE_IS_REPORTED_AS_REFUSED(Rule.PHANTOM) {
            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                Event ended = one(message, Kind.PUBLISH_ENDED);
                List<Event> edited = whole.without(List.of(ended));
                edited.add(copy(ended, 0, Kind.PUBLISH_ENDED, "REJECTED"));
                return edited;
            }
        },
        A_HANDLER_HAS_NO_CLAIM(Rule.UNCLAIMED) {
            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                return whole.without(
                        all(message, each -> each.text().startsWith("CLAIM ") && each.kind() == Kind.STORE_ANSWERED));
            }
        },
        ATTEMPTS_DO_NOT_END(Rule.ATTEMPTS) {
            @Override
            List<Event> of(EditedHistory whole, List<Event> message) {
                Event started = one(message, Kind.HANDLER_STARTED);
                List<Event> more = new ArrayList<>(whole.events);
                for (int i = 1; i <= 20; i++) {
                    more.add(copy(started, i, Kind.HANDLER_STARTED, started.text()));
                    more.add(copy(started, i, Kind.HANDLER_ENDED, "FAILED"));
                }
                return more;
            }
        };

        private final Set<Rule> rules;

        Edit(Rule... rules) {
            this.rules = Set.of(rules);
        }

        /** Whether it can be done to this message. */
        boolean suits(EditedHistory whole, List<Event> message) {
            return has(message, Kind.EFFECT)
                    && all(message, each -> is(each, Kind.STORE_ANSWERED, "COMPLETE OK"))
                                    .size()
                            == 1;
        }

        abstract List<Event> of(EditedHistory whole, List<Event> message);
    }

    /** Whether the judge finds the change, made to the nth of all messages that it can be made to; null if there are fewer. */
    @Nullable
    Boolean finds(Edit edit, int nth) {
        List<List<Event>> candidates = candidates(edit);
        if (nth >= candidates.size()) {
            return null;
        }
        Judgement judgement = judged(edit.of(this, candidates.get(nth)));
        return edit.rules.stream().anyMatch(rule -> judgement.breaches(rule) > unedited.breaches(rule));
    }

    /** How many messages can be changed so. */
    int count(Edit edit) {
        return candidates(edit).size();
    }

    private List<List<Event>> candidates(Edit edit) {
        Map<String, Long> killed = new HashMap<>();
        events.stream()
                .filter(each -> each.kind() == Kind.KILLING)
                .forEach(each -> killed.putIfAbsent(Frame.firstWord(each.text()), each.nanos()));
        return messages.values().stream()
                .filter(message -> isPlain(message) && edit.suits(this, message))
                .filter(message -> message.stream().noneMatch(each -> diesSoonAfter(each, killed)))
                .toList();
    }

    private static boolean isPlain(List<Event> message) {
        return all(message, each -> each.kind() == Kind.PUBLISH_INVOKED).size() == 1
                && all(message, each -> is(each, Kind.PUBLISH_ENDED, "CONFIRMED"))
                                .size()
                        == 1
                && all(message, each -> each.kind() == Kind.RECEIVED).size() == 1
                && all(message, each -> each.kind() == Kind.SENT_AGAIN).isEmpty();
    }

    /** What a process that dies was about to do is not missed. */
    private static boolean diesSoonAfter(Event event, Map<String, Long> killed) {
        Long at = killed.get(event.process());
        return at != null && at - event.nanos() < DEATH;
    }

    /** A process that has a shard for a while beside its holder. */
    record Ghost(String process, String shard, long from, long to) {}

    /** Ghosts for so long, evenly over the run; each is a process that lives all the while, and so does the holder. */
    List<Ghost> ghosts(int count, long nanos) {
        List<Ghost> ghosts = new ArrayList<>();
        long first = events.get(0).nanos();
        long last = one(events, Kind.QUIESCENT).nanos();
        for (int i = 0; i < count; i++) {
            long from = first + (last - first - nanos) * (i + 1) / (count + 1);
            Ghost ghost = ghost(i, from, from + nanos);
            if (ghost != null) {
                ghosts.add(ghost);
            }
        }
        return ghosts;
    }

    private @Nullable Ghost ghost(int turn, long from, long to) {
        Map<String, String> holders = new HashMap<>();
        Set<String> alive = new TreeSet<>();
        for (Event each : events) {
            if (each.nanos() > from) {
                break;
            }
            switch (each.kind()) {
                case ASSIGNED -> {
                    holders.put(each.shard(), each.process());
                    alive.add(each.process());
                }
                case REVOKED, LOST -> holders.remove(each.shard(), each.process());
                default -> {}
            }
        }
        events.stream()
                .filter(each -> each.nanos() < to
                        && (each.kind() == Kind.KILLING
                                || each.kind() == Kind.DEAD
                                || each.kind() == Kind.ASKED_TO_CLOSE))
                .forEach(each -> alive.remove(Frame.firstWord(each.text())));
        List<String> shards = holders.keySet().stream()
                .filter(shard -> alive.contains(holders.get(shard)))
                .sorted()
                .toList();
        if (shards.isEmpty()) {
            return null;
        }
        String shard = shards.get(turn % shards.size());
        return alive.stream()
                .filter(each -> !each.equals(holders.get(shard)))
                .findFirst()
                .map(each -> new Ghost(each, shard, from, to))
                .orElse(null);
    }

    Judgement with(Ghost ghost) {
        List<Event> edited = new ArrayList<>(events);
        edited.add(place(ghost, ghost.from, Kind.ASSIGNED));
        edited.add(place(ghost, ghost.to, Kind.LOST));
        return judged(edited);
    }

    private static Event place(Ghost ghost, long at, Kind kind) {
        return new Event(at, ghost.process, kind, "", "", 0, ghost.shard, 1_000_000, 0, 0, 0, 0, "");
    }

    private static Judgement judged(List<Event> edited) {
        edited.sort(Comparator.comparingLong(Event::nanos));
        return Judge.of(History.of(edited));
    }

    private List<Event> without(List<Event> dropped) {
        Set<Event> gone = Collections.newSetFromMap(new IdentityHashMap<>());
        gone.addAll(dropped);
        return new ArrayList<>(
                events.stream().filter(each -> !gone.contains(each)).toList());
    }

    private List<Event> with(Event added) {
        List<Event> more = new ArrayList<>(events);
        more.add(added);
        return more;
    }

    private static Event copy(Event event, long later, Kind kind, String text) {
        return new Event(
                event.nanos() + later,
                event.process(),
                kind,
                event.id(),
                event.key(),
                event.sequence(),
                event.shard(),
                event.epoch(),
                event.tag(),
                event.owner(),
                event.token(),
                event.number(),
                text);
    }

    private static boolean isOfPublishing(Event event) {
        return event.kind() == Kind.PUBLISH_INVOKED || event.kind() == Kind.PUBLISH_ENDED;
    }

    private static boolean is(Event event, Kind kind, String text) {
        return event.kind() == kind && event.text().equals(text);
    }

    private static boolean has(List<Event> message, Kind kind) {
        return message.stream().anyMatch(each -> each.kind() == kind);
    }

    private static Event one(List<Event> message, Kind kind) {
        return all(message, each -> each.kind() == kind).get(0);
    }

    private static List<Event> all(List<Event> message, Predicate<Event> which) {
        return message.stream().filter(which).toList();
    }
}
