package io.oncemq.torture.check;

import io.oncemq.spi.StoreCommand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one message so far. Written by {@link Messages} only. */
final class Message {
    static final long NEVER = Long.MAX_VALUE;

    final String id;
    String key = "";
    long sequence;

    String publisher = "";
    long invokedAt = NEVER;
    long confirmedAt = NEVER;
    /** Tries of publishing without an outcome yet. */
    int openTries;

    boolean unknown;
    boolean refused;

    final List<Effect> effects = new ArrayList<>(1);
    final List<Grant> grants = new ArrayList<>(1);
    /** The incarnations that were told that it is settled: done, or a dead letter. */
    final List<String> settledBy = new ArrayList<>(1);

    private final List<Question> questions = new ArrayList<>(2);
    private @Nullable List<Effect> failures;
    long deadLetterAt = NEVER;
    boolean inDeadLetter;
    /** When a claim was first answered DONE, or DEAD_LETTERED, and to whom. */
    long doneTo = NEVER;

    long deadLetteredTo = NEVER;
    String toldFirst = "";
    /** Whether its place in its key's order was judged. */
    boolean ordered;
    /** Whether it was found lying at the end. */
    boolean stuck;

    Message(String id) {
        this.id = id;
    }

    boolean handled() {
        return !effects.isEmpty();
    }

    boolean deadLetter() {
        return deadLetterAt != NEVER || inDeadLetter;
    }

    void ask(String process, long owner, StoreCommand.Type command, long nanos) {
        answered(process, owner, command, nanos);
        questions.add(new Question(process, owner, command, nanos));
    }

    /** When the question was asked that is now answered; the answer's time if nobody wrote the question down. */
    long answered(String process, long owner, StoreCommand.Type command, long nanos) {
        for (int i = 0; i < questions.size(); i++) {
            Question question = questions.get(i);
            if (question.owner == owner && question.command == command && question.process.equals(process)) {
                questions.remove(i);
                return question.nanos;
            }
        }
        return nanos;
    }

    /** The latest grant of an owner. */
    @Nullable
    Grant grant(String process, long owner) {
        for (int i = grants.size() - 1; i >= 0; i--) {
            if (grants.get(i).isOf(process, owner)) {
                return grants.get(i);
            }
        }
        return null;
    }

    /** The latest grant under which a process handled it. */
    @Nullable
    Grant grantOf(Effect effect) {
        for (int i = grants.size() - 1; i >= 0; i--) {
            Grant grant = grants.get(i);
            if (grant.token == effect.token() && grant.process.equals(effect.process())) {
                return grant;
            }
        }
        return null;
    }

    void settled(String process) {
        if (!settledBy.contains(process)) {
            settledBy.add(process);
        }
    }

    void failed(String process, long nanos, long token) {
        if (failures == null) {
            failures = new ArrayList<>(1);
        }
        failures.add(new Effect(nanos, process, token));
    }

    /** Whether a handler run of this process failed between two times. */
    boolean failedIn(String process, long from, long to) {
        return failures != null
                && failures.stream()
                        .anyMatch(each -> each.process().equals(process) && each.nanos() >= from && each.nanos() <= to);
    }

    /** Whether somebody else had been granted it when this effect happened: a fence refuses the effect then. */
    boolean overtaken(Effect effect) {
        Grant own = grantOf(effect);
        if (own == null) {
            return false;
        }
        for (Grant other : grants) {
            if (other.askedAt > own.askedAt
                    && other.answeredAt <= effect.nanos()
                    && !other.isOf(own.process, own.owner)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return id + " (key " + key + ", sequence " + sequence + ")";
    }

    private record Question(String process, long owner, StoreCommand.Type command, long nanos) {}
}
