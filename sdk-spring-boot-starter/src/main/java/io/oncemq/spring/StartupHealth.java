package io.oncemq.spring;

/** What health says of a client that is not connected yet. */
public enum StartupHealth {
    DOWN,
    OUT_OF_SERVICE
}
