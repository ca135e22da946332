package io.oncemq.testkit.fault;

/** What happens to the bytes that flow one way through a connection. */
interface Direction {
    /**
     * Decides on bytes that are about to be forwarded.
     *
     * @return how many of them to forward, from the first on
     */
    int admit(byte[] bytes);

    /** Counts bytes right before they are forwarded, so that a reader of the bytes finds them counted. */
    void forwarding(int count);

    /** Called when they were forwarded. */
    void forwarded();
}
