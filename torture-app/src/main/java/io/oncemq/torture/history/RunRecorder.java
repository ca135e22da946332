package io.oncemq.torture.history;

import java.time.Duration;

/**
 * What the driver of a run writes into its history: what it does to processes and servers. Everything that may harm is written before it is
 * done, everything that mends when it is known to have worked. Thread-safe.
 */
public final class RunRecorder {
    private final HistoryFile file;

    public RunRecorder(HistoryFile file) {
        this.file = file;
    }

    /** First of all, before any process is started. */
    public void configured(RunBounds bounds) {
        file.append(Recorder.configured("lease", bounds.lease()));
        file.append(Recorder.configured("handlerTimeout", bounds.handlerTimeout()));
        file.append(Recorder.configured("rememberFor", bounds.rememberFor()));
        file.append(Recorder.configured("publishDeadline", bounds.publishDeadline()));
        file.append(Recorder.configured("recovery", bounds.recovery()));
        file.append(Recorder.configured("delivery", bounds.delivery()));
        file.append(Recorder.configured("maxInFlight", bounds.maxInFlight()));
        file.append(Recorder.configured("concurrency", bounds.concurrency()));
        file.append(Recorder.configured("maxAttempts", bounds.maxAttempts()));
        file.append(Recorder.configured("positionsWritten", bounds.positionsWritten()));
        file.append(Recorder.configured("exclusiveShards", bounds.exclusiveShards() ? 1 : 0));
    }

    /** Before a process is started, by the name of its incarnation. */
    public void starting(String process) {
        file.append(Event.of(Kind.STARTED).saying(process, 0));
    }

    /** Before a process is asked to close, as SIGTERM does. */
    public void askingToClose(String process) {
        file.append(Event.of(Kind.ASKED_TO_CLOSE).saying(process, 0));
    }

    /** Before kill -9 is sent. Not for a process that kills itself: it writes that itself. */
    public void killing(String process) {
        file.append(Event.of(Kind.KILLING).saying(process, 0));
    }

    /**
     * When a process is known to have ended, however it did.
     *
     * @param status its exit status; after an orderly close 0, or 143 where SIGTERM asked for it
     */
    public void dead(String process, int status) {
        file.append(Event.of(Kind.DEAD).saying(process, status));
    }

    /** What a process was asked to end and has not ended in time, such as its {@code close()}. Before it is killed for that. */
    public void stillOpen(String what) {
        file.append(Event.of(Kind.STILL_OPEN).saying(what, 0));
    }

    /** Before SIGSTOP is sent. */
    public void stopping(String process) {
        file.append(Event.of(Kind.STOPPED).saying(process, 0));
    }

    /** After SIGCONT was sent. */
    public void continued(String process) {
        file.append(Event.of(Kind.CONTINUED).saying(process, 0));
    }

    /** @param nemesis its name and its target, such as {@code partition consumer-1}; the same words at its end */
    public void nemesisBegins(String nemesis) {
        file.append(Event.of(Kind.NEMESIS_BEGUN).saying(nemesis, 0));
    }

    /** When what it did has been taken back. */
    public void nemesisEnded(String nemesis) {
        file.append(Event.of(Kind.NEMESIS_ENDED).saying(nemesis, 0));
    }

    public void brokerGoesDown() {
        file.append(Event.of(Kind.BROKER_DOWN));
    }

    public void brokerIsUp() {
        file.append(Event.of(Kind.BROKER_UP));
    }

    public void storeGoesDown() {
        file.append(Event.of(Kind.STORE_DOWN));
    }

    public void storeIsUp() {
        file.append(Event.of(Kind.STORE_UP));
    }

    /** Before the store is started without its data. */
    public void storeLosesData() {
        file.append(Event.of(Kind.STORE_DATA_LOST));
    }

    /** Before anything is done that lets a replica become the store's master: it may lack what the former master is told from now on, or just was. */
    public void storeFailsOver() {
        file.append(Event.of(Kind.STORE_FAILS_OVER));
    }

    /** When the former master is known to answer nobody any more as one. */
    public void storeFailedOver() {
        file.append(Event.of(Kind.STORE_FAILED_OVER));
    }

    /** Before the store's clock is moved. */
    public void storeClockMoves(Duration by) {
        file.append(Event.of(Kind.STORE_CLOCK_MOVED).saying("", by.toNanos()));
    }

    /** Before partitions are added or shards dealt out anew. */
    public void shardsChange(int to) {
        file.append(Event.of(Kind.SHARDS_CHANGED).saying("", to));
    }

    /** Everything that is confirmed is known to be handled or a dead letter, and nothing is being published. */
    public void caughtUp() {
        file.append(Event.of(Kind.CAUGHT_UP));
    }

    /** Before the destination is deleted. What lies there is not missed, unless the run had {@linkplain #caughtUp caught up}. */
    public void destinationIsRecreated() {
        file.append(Event.of(Kind.DESTINATION_RECREATED));
    }

    /** For each message that lies in the group's dead letter at the end, by its original id. */
    public void deadLetterFound(String id) {
        file.append(Event.of(Kind.DEAD_LETTER_FOUND).message(id, "", 0));
    }

    /** When the group's dead letters have been read to their end: each that lies there was {@link #deadLetterFound}. */
    public void deadLettersRead() {
        file.append(Event.of(Kind.DEAD_LETTERS_READ));
    }

    /**
     * About four times a second while the driver works: a gap tells that it, and perhaps the machine, stood still.
     *
     * @param load how many threads of the machine want a processor, in percent of its processors; 0 if that is not known
     */
    public void alive(long load) {
        file.append(Event.of(Kind.ALIVE).saying("", load));
    }

    /** Every message is handled or a dead letter and the broker holds nothing more; consumers still run. Before anything is closed. */
    public void quiescent() {
        file.append(Event.of(Kind.QUIESCENT));
    }

    /**
     * Nothing has moved for too long although everything was healed. Before anything is closed.
     *
     * @param why what it was waiting for, for a person
     */
    public void gaveUp(String why) {
        file.append(Event.of(Kind.GAVE_UP).saying(why, 0));
    }
}
