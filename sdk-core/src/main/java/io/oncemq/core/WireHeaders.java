package io.oncemq.core;

/** The names of OnceMQ's headers on the wire; CloudEvents attributes take the broker's prefix before theirs. */
public final class WireHeaders {
    public static final String ID = "id";
    public static final String SOURCE = "source";
    public static final String TYPE = "type";
    public static final String TIME = "time";
    public static final String SPEC_VERSION = "specversion";
    public static final String CONTENT_TYPE = "content-type";

    /** Where the id is unique, if that is neither the source nor the destination that carries the message. */
    public static final String SCOPE = "oncemq-scope";
    /** Set by a redrive: how often the message was sent back from the dead letter. */
    public static final String GENERATION = "oncemq-generation";

    public static final String DEAD_LETTER_ID = "oncemq-dead-letter-id";
    public static final String DEAD_LETTER_DESTINATION = "oncemq-dead-letter-destination";
    public static final String DEAD_LETTER_GROUP = "oncemq-dead-letter-group";
    public static final String DEAD_LETTER_POSITION = "oncemq-dead-letter-position";
    public static final String DEAD_LETTER_REASON = "oncemq-dead-letter-reason";
    public static final String DEAD_LETTER_CAUSE = "oncemq-dead-letter-cause";
    public static final String DEAD_LETTER_MESSAGE = "oncemq-dead-letter-message";
    public static final String DEAD_LETTER_ATTEMPTS = "oncemq-dead-letter-attempts";
    public static final String DEAD_LETTER_TIME = "oncemq-dead-letter-time";

    /** Of a stub, which has neither body nor headers of the message: how many bytes the message has. */
    public static final String DEAD_LETTER_SIZE = "oncemq-dead-letter-size";

    private WireHeaders() {}
}
