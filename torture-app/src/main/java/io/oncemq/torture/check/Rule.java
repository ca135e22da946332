package io.oncemq.torture.check;

/** What must not happen. */
public enum Rule {
    LOST("confirmed and neither handled nor a dead letter"),
    PHANTOM("handled although the broker cannot have it"),
    DUPLICATE("handled again without an explanation"),
    ORDER("first handled behind a later message of its key"),
    DUAL_OWNER("two owners at once"),
    FENCE("a fencing token that would let a stale owner pass, or stop a rightful one"),
    PREMATURE_ACK("acknowledged before it was settled"),
    FALSE_SUPPRESSION("suppressed although it was never handled"),
    HUNG_FUTURE("never completed"),
    STUCK_LANE("received and left lying"),
    BOUND("beyond a bound"),
    INCOMPLETE("the history has no end that could be judged");

    private final String meaning;

    Rule(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }
}
