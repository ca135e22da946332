package io.oncemq.torture.check;

/** What must not happen. */
public enum Rule {
    LOST("confirmed and neither handled nor a dead letter"),
    PHANTOM("handled although the broker cannot have it"),
    DUPLICATE("handled again without an explanation"),
    ORDER("first handled behind a later message of its key, or begun before the one before it was done"),
    DUAL_OWNER("two owners at once"),
    FENCE("a fencing token that would let a stale owner pass, or stop a rightful one"),
    PREMATURE_ACK("acknowledged before it was settled"),
    UNCLAIMED("handled without a claim"),
    FALSE_SUPPRESSION("suppressed, or to be, although it was never handled"),
    HUNG_FUTURE("never completed"),
    STUCK_LANE("received and left lying"),
    BOUND("beyond a bound"),
    ENDED("a consumer process ended by itself"),
    INCOMPLETE("the history has no end that could be judged");

    private final String meaning;

    Rule(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }
}
