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
    /** When the try was begun that was confirmed. */
    long confirmedTryAt = NEVER;
    /** When a process first received it. */
    long receivedAt = NEVER;
    /** How often it was handed to the publisher. */
    int tries;
    /** How often it was given to the broker again. */
    int sentAgain;
    /** Tries of unknown outcome. */
    final List<Span> unknowns = new ArrayList<>(0);
    /** Tries that were refused. */
    final List<Span> refusals = new ArrayList<>(0);
    /** Tries of publishing without an outcome yet. */
    int openTries;
    /** When it was last handed to the publisher. */
    long triedAt = NEVER;
    /** The try that took longest to its outcome. */
    @Nullable
    Span longestTry;

    /** What has to become of it, by the name of an {@link io.oncemq.torture.history.Expected}; empty where nobody wrote that down. */
    String expected = "";

    /** How the latest try ended, by the name of an {@link io.oncemq.torture.history.PublishOutcome}. */
    String outcome = "";
    /** What its handler did so far. */
    final AttemptCheck.Runs runs = new AttemptCheck.Runs();

    final List<Effect> effects = new ArrayList<>(1);
    final List<Grant> grants = new ArrayList<>(1);
    /** The incarnations that were told that it is settled: done, or a dead letter. */
    final List<String> settledBy = new ArrayList<>(1);

    private final List<Receipt> receipts = new ArrayList<>(1);

    private final List<Question> questions = new ArrayList<>(2);
    /** From each claim that was answered DONE to its answer. */
    final List<Span> toldDone = new ArrayList<>(0);

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

    /** How many more copies than one the broker may have. */
    int furtherCopies() {
        return Math.max(tries - 1, sentAgain);
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
        return grantWith(effect.process, effect.token);
    }

    /** The latest grant of a process that came with this token. */
    @Nullable
    Grant grantWith(String process, long token) {
        for (int i = grants.size() - 1; i >= 0; i--) {
            Grant grant = grants.get(i);
            if (grant.token == token && grant.process.equals(process)) {
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

    void runEnded(String process, long token, long now, boolean failed) {
        effects.forEach(each -> each.runEnds(process, token, now, failed));
    }

    /** Whether an effect was written under a claim of this owner. */
    boolean handledBy(String process, long owner) {
        for (Effect effect : effects) {
            if (effect.process.equals(process)
                    && grants.stream().anyMatch(each -> each.isOf(process, owner) && each.token == effect.token)) {
                return true;
            }
        }
        return false;
    }

    void received(Receipt receipt) {
        if (!receipts.contains(receipt)) {
            receipts.add(receipt);
        }
    }

    /** Whether a process ever received it from there. */
    boolean cameBy(String process, Place place) {
        return receipts.stream().anyMatch(each -> each.place.equals(place) && each.process.equals(process));
    }

    /** Whether somebody else had been granted it when this effect happened: a fence refuses the effect then. */
    boolean overtaken(Effect effect) {
        Grant own = grantOf(effect);
        if (own == null) {
            return false;
        }
        for (Grant other : grants) {
            if (other.askedAt > own.askedAt
                    && other.answeredAt <= effect.nanos
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

    /** Who received it from where. */
    record Receipt(String process, Place place) {}

    private record Question(String process, long owner, StoreCommand.Type command, long nanos) {}
}
