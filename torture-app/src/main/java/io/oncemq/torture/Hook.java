package io.oncemq.torture;

/** A place in the way of a message at which a consumer process can be made to die. */
enum Hook {
    BEFORE_CLAIM,
    AFTER_CLAIM,
    BEFORE_EFFECT,
    AFTER_EFFECT,
    BEFORE_DONE,
    AFTER_DONE,
    BEFORE_ACK,
    AFTER_ACK
}
