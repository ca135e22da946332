package io.oncemq.core.consume;

import static io.oncemq.core.consume.Stage.BUSY;
import static io.oncemq.core.consume.Stage.CLAIMING;
import static io.oncemq.core.consume.Stage.COMPLETING;
import static io.oncemq.core.consume.Stage.DEAD_MARKED;
import static io.oncemq.core.consume.Stage.DEAD_MARKING;
import static io.oncemq.core.consume.Stage.DEAD_PUBLISHING;
import static io.oncemq.core.consume.Stage.DERIVING;
import static io.oncemq.core.consume.Stage.DISPATCHED;
import static io.oncemq.core.consume.Stage.FOLLOWING;
import static io.oncemq.core.consume.Stage.READY;
import static io.oncemq.core.consume.Stage.RETRYING;
import static io.oncemq.core.consume.Stage.SETTLED;
import static io.oncemq.core.consume.Stage.STARTING;
import static io.oncemq.core.consume.Stage.WAITING;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can happen to a message, and where it leads from each stage: the table of docs/engine-states.md. A pair of stage and
 * event that has no entry is impossible; {@link Work#move} refuses it, and the subscription fails, since its next step could be a wrong
 * acknowledgement. One place moves stages, because assignments in fourteen places had treated the answers for dropped messages in three ways.
 */
enum WorkEvent {
    /** Its id is in flight in this process already. */
    SAME_ID_IN_FLIGHT(WAITING, FOLLOWING),
    /** There is no store, or the message has no id. */
    NO_CLAIM_NEEDED(WAITING, READY),
    /** There is room for another claim, or the message of the same id that it followed has ended. */
    MAY_CLAIM(WAITING, CLAIMING, FOLLOWING, CLAIMING),
    /** CLAIM is answered ACQUIRED, MINE, IN_DOUBT or DEAD_LETTERING. */
    CLAIM_GRANTED(CLAIMING, READY, SETTLED, SETTLED),
    /** CLAIM is answered BUSY. */
    CLAIM_BUSY(CLAIMING, BUSY, SETTLED, SETTLED),
    /** CLAIM is answered DONE, DEAD_LETTERED or PARKED. */
    CLAIM_KNOWN(CLAIMING, SETTLED, SETTLED, SETTLED),
    /** The time has come to ask again, to try again or to publish again. */
    TIMER(BUSY, CLAIMING, RETRYING, READY, DEAD_PUBLISHING, DEAD_PUBLISHING),
    /** Its turn has come, but its lease has lapsed or is not renewed any more, or its token is smaller than one that its lane has used. */
    TURN_RECLAIM(READY, CLAIMING),
    /** Its turn has come, and its start must be stored before its handler begins. */
    TURN_START(READY, STARTING),
    /** Its turn has come. */
    TURN_HANDLE(READY, DISPATCHED),
    /** Its turn has come; it is in doubt, expired, or its attempts are spent. */
    TURN_DEAD_LETTER(READY, DEAD_MARKING),
    /** As before, without a claim; or an earlier owner has stored that its dead letter is under way. */
    TURN_PUBLISH_LETTER(READY, DEAD_PUBLISHING),
    /** START is answered OK or LATE. */
    START_GRANTED(STARTING, DISPATCHED, SETTLED, SETTLED),
    /** START is answered STOLEN. */
    START_STOLEN(STARTING, CLAIMING, SETTLED, SETTLED),
    /** The worker saw that the lease had lapsed and did not call the handler. */
    NOT_BEGUN(DISPATCHED, CLAIMING),
    /** The handler has succeeded and derived messages. */
    DERIVED(DISPATCHED, DERIVING),
    /** The handler has succeeded, and what it derived is confirmed. */
    HANDLED(DISPATCHED, COMPLETING, DERIVING, COMPLETING),
    /** As before, without a claim. */
    HANDLED_UNCLAIMED(DISPATCHED, SETTLED, DERIVING, SETTLED),
    /** The handler or a derived message has failed, and there will be another attempt. */
    FAILED_RETRY(DISPATCHED, RETRYING, DERIVING, RETRYING),
    /** The handler or a derived message has failed for the last time. */
    FAILED_DEAD_LETTER(DISPATCHED, DEAD_MARKING, DERIVING, DEAD_MARKING),
    /** As before, without a claim. */
    FAILED_PUBLISH_LETTER(DISPATCHED, DEAD_PUBLISHING, DERIVING, DEAD_PUBLISHING),
    /** COMPLETE is answered. */
    COMPLETE_ANSWERED(COMPLETING, SETTLED),
    /** DEAD_LETTERING is answered OK or LATE. */
    DEAD_MARK_GRANTED(DEAD_MARKING, DEAD_PUBLISHING),
    /** DEAD_LETTERING is answered STOLEN. */
    DEAD_MARK_STOLEN(DEAD_MARKING, CLAIMING),
    /** The dead letter is confirmed. */
    LETTER_CONFIRMED(DEAD_PUBLISHING, DEAD_MARKED),
    /** As before, without a claim. */
    LETTER_CONFIRMED_UNCLAIMED(DEAD_PUBLISHING, SETTLED),
    /** The dead letter is not confirmed. */
    LETTER_FAILED(DEAD_PUBLISHING, DEAD_PUBLISHING),
    /** DEAD_LETTERED is answered. */
    DEAD_LETTERED_ANSWERED(DEAD_MARKED, SETTLED),
    /**
     * The message is left to its next owner: its shard leaves and no handler has begun; or its shard leaves or is gone, and the
     * handler, what it derived or the dead letter has failed.
     */
    DROP(
            WAITING,
            SETTLED,
            FOLLOWING,
            SETTLED,
            CLAIMING,
            SETTLED,
            BUSY,
            SETTLED,
            READY,
            SETTLED,
            STARTING,
            SETTLED,
            RETRYING,
            SETTLED,
            DISPATCHED,
            SETTLED,
            DERIVING,
            SETTLED,
            DEAD_MARKING,
            SETTLED,
            DEAD_PUBLISHING,
            SETTLED);

    private final Map<Stage, Stage> next = new EnumMap<>(Stage.class);

    /** @param fromAndTo a stage, then the one that follows it; and so on */
    WorkEvent(Stage... fromAndTo) {
        for (int i = 0; i < fromAndTo.length; i += 2) {
            next.put(fromAndTo[i], fromAndTo[i + 1]);
        }
    }

    /** The stage that follows, or null where the event cannot happen. */
    @Nullable
    Stage after(Stage stage) {
        return next.get(stage);
    }
}
