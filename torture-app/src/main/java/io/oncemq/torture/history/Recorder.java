package io.oncemq.torture.history;

import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What a process under test writes into its history. Each method says when it is called; that moment is what the checks rely on. Thread-safe.
 */
public final class Recorder {
    private static final int SINGLES_A_LINE = 300;

    private final HistoryFile file;

    public Recorder(HistoryFile file) {
        this.file = file;
    }

    /** Before {@code publish} is called; before each further try, too. */
    public void publishInvoked(String id, String key, long sequence) {
        file.append(Event.of(Kind.PUBLISH_INVOKED).message(id, key, sequence));
    }

    /** The same where it is known what has to become of the message. */
    public void publishInvoked(String id, String key, long sequence, Expected expected) {
        file.append(Event.of(Kind.PUBLISH_INVOKED).message(id, key, sequence).saying(expected.name(), 0));
    }

    /** When the future of a try has completed, before anything is done about it. */
    public void publishEnded(String id, PublishOutcome outcome) {
        file.append(Event.of(Kind.PUBLISH_ENDED).message(id, "", 0).saying(outcome.name(), 0));
    }

    /** Before a message is given to a publish session that was given to one before, whatever came of it. */
    public void sentAgain(String id) {
        file.append(Event.of(Kind.SENT_AGAIN).message(id, "", 0));
    }

    /**
     * When a message has had no answer from the broker for more than a second and then has one, or its session is given up.
     *
     * @param nanos since it was given to the session
     */
    public void answeredLate(String id, long nanos) {
        file.append(Event.of(Kind.ANSWERED_LATE).message(id, "", 0).saying("", nanos));
    }

    /** At the end of the process's work, its client closed: this future has not completed. */
    public void publishStillOpen(String id) {
        file.append(Event.of(Kind.STILL_OPEN).message(id, "", 0).saying("publish", 0));
    }

    /** What ought to have ended by then and has not, such as {@code close()}. */
    public void stillOpen(String what) {
        file.append(Event.of(Kind.STILL_OPEN).saying(what, 0));
    }

    /** On {@code SourceListener.onAssigned}, before the engine hears of it. Once per shard. */
    public void assigned(String shard, long epoch) {
        file.append(Event.of(Kind.ASSIGNED).place(shard, epoch, 0));
    }

    /** On {@code SourceListener.onRevoking}, before the engine hears of it. Once per shard. */
    public void revoking(String shard, long epoch) {
        file.append(Event.of(Kind.REVOKING).place(shard, epoch, 0));
    }

    /**
     * When {@code SourceListener.onRevoking} has returned, before its answer is passed on to the source, and behind the {@link #acknowledged}
     * of that answer. Once per shard.
     */
    public void revoked(String shard, long epoch) {
        file.append(Event.of(Kind.REVOKED).place(shard, epoch, 0));
    }

    /** On {@code SourceListener.onLost}, before the engine hears of it. Once per shard. */
    public void lost(String shard, long epoch) {
        file.append(Event.of(Kind.LOST).place(shard, epoch, 0));
    }

    /** On {@code SourceListener.onMessages}, for each message, before the engine has any of them. */
    public void received(String shard, long epoch, long tag, String id, String key) {
        file.append(Event.of(Kind.RECEIVED).message(id, key, 0).place(shard, epoch, tag));
    }

    /**
     * For each acknowledgement that the engine gives, by {@code MessageSource.acknowledge} or as the answer of {@code onRevoking}, before
     * the source has it.
     *
     * @param through everything up to this tag; -1 for nothing
     * @param singles tags above it
     */
    public void acknowledged(String shard, long epoch, long through, long[] singles) {
        for (int from = 0; from == 0 || from < singles.length; from += SINGLES_A_LINE) {
            LongStream part = Arrays.stream(singles, from, Math.min(singles.length, from + SINGLES_A_LINE));
            String text = part.mapToObj(Long::toString).collect(Collectors.joining(" "));
            file.append(Event.of(Kind.ACKNOWLEDGED).place(shard, epoch, through).saying(text, 0));
        }
    }

    /**
     * For each command, before {@code ClaimStore.apply} is called. RENEW may be left out here and at {@link #storeAnswered} for all
     * but every third of the lease: a lapse is reckoned from the last one that was written down.
     *
     * @param owner {@code Owner.delivery()}
     */
    public void storeAsked(StoreCommand.Type command, String id, long owner) {
        file.append(
                Event.of(Kind.STORE_ASKED).message(id, "", 0).claim(owner, 0).saying(command.name(), 0));
    }

    /** For each command, before the engine has the answer. Nothing is written for a call that ended with an exception. */
    public void storeAnswered(StoreCommand.Type command, String id, long owner, StoreAnswer.Kind answer, long token) {
        file.append(Event.of(Kind.STORE_ANSWERED)
                .message(id, "", 0)
                .claim(owner, token)
                .saying(command.name() + " " + answer.name(), 0));
    }

    /**
     * First thing in the handler.
     *
     * @param attempt its number, from 1; 0 where it is not known
     */
    public void handlerStarted(String id, String key, long sequence, long token, int attempt) {
        file.append(Event.of(Kind.HANDLER_STARTED)
                .message(id, key, sequence)
                .claim(0, token)
                .saying("", attempt));
    }

    /** Last thing in the handler. A handler that fails does so before its effect. */
    public void handlerEnded(String id, String key, long token, boolean failed) {
        file.append(
                Event.of(Kind.HANDLER_ENDED).message(id, key, 0).claim(0, token).saying(failed ? "FAILED" : "OK", 0));
    }

    /** In the handler: this line is the effect. */
    public void effect(String id, String key, long sequence, long token) {
        file.append(Event.of(Kind.EFFECT).message(id, key, sequence).claim(0, token));
    }

    /** Before the session is given a dead letter of this message. */
    public void deadLetterSent(String id) {
        file.append(Event.of(Kind.DEAD_LETTER_SENT).message(id, "", 0));
    }

    /** When a session says that it has not sent a dead letter, does not know whether it is stored, or has failed with it. */
    public void deadLetterReturned(String id) {
        file.append(Event.of(Kind.DEAD_LETTER_RETURNED).message(id, "", 0));
    }

    /**
     * About four times a second in a consumer process, from its first moment on; a gap tells that the whole process stood still.
     *
     * @param inFlight how many messages it has received and not acknowledged
     */
    public void alive(long inFlight) {
        file.append(Event.of(Kind.ALIVE).saying("", inFlight));
    }

    /** Just before the process kills itself at a hook. */
    public void killingItself(String hook) {
        file.append(Event.of(Kind.KILLING).saying(file.process() + " " + hook, 0));
    }

    /** How long something may take, for the checks. Written by the driver before anything else. */
    static Event configured(String name, Duration value) {
        return configured(name, value.toNanos());
    }

    static Event configured(String name, long value) {
        return Event.of(Kind.CONFIGURED).saying(name, value);
    }
}
