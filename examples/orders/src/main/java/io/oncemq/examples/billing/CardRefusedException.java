package io.oncemq.examples.billing;

/** The bank says no, and will say no again. */
class CardRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    CardRefusedException() {
        super("the bank refuses the card");
    }
}
