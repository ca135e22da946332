package io.oncemq.torture.check;

/** What must not happen. */
public enum Rule {
    LOST("lost", "confirmed and neither handled nor dead-lettered"),
    PHANTOM("phantom", "handled although the broker cannot have it, or its publisher got that answer"),
    DUPLICATE("unexplainedDuplicates", "handled again without an explanation"),
    ORDER(
            "orderViolations",
            "first handled after a later message of its key, or begun before an earlier one was settled"),
    FALSE_SUPPRESSION("falseSuppressions", "suppressed, or to be, although it was never handled"),
    PREMATURE_ACK("prematureAcks", "acknowledged before it was settled"),
    HUNG_FUTURE("hungFutures", "never completed, or later than its deadline"),
    STUCK_LANE("stuckLanes", "received and left lying"),
    DUAL_OWNER("dualOwners", "two owners at once"),
    FENCE("misleadingTokens", "a fencing token that would let a stale owner pass, or stop a rightful one"),
    UNCLAIMED("unclaimed", "handled without a claim, or begun with one that had lapsed"),
    BOUND("boundsExceeded", "beyond a bound"),
    ENDED("endedByThemselves", "a consumer process ended without a request to end"),
    INCOMPLETE("incomplete", "the history has no end that could be judged"),
    RENEWAL("missingRenewals", "a claim was held and not asked to be renewed within half its lease"),
    COMPLETION(
            "misplacedCompletions", "DONE was not asked for soon after the handler, or was asked for before its end"),
    ATTEMPTS("excessAttempts", "attempted more often than its policy allows, or out of count"),
    DEAD_LETTER("wrongDeadLetters", "a dead letter that was not due, was sent again, or stands beside an effect"),
    REDELIVERED("needlessRedeliveries", "received again after its acknowledgement without a cause"),
    REFUSED("needlessRefusals", "not published although nothing was wrong"),
    WAITING("neglected", "first of its key in a process, which did nothing with it"),
    DELIVERY("lateDeliveries", "confirmed and not received within the bound");

    private final String field;
    private final String meaning;

    Rule(String field, String meaning) {
        this.field = field;
        this.meaning = meaning;
    }

    /** How the last line of a run names it. */
    public String field() {
        return field;
    }

    public String meaning() {
        return meaning;
    }
}
