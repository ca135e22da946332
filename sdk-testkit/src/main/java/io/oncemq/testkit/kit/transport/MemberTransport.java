package io.oncemq.testkit.kit.transport;

import io.oncemq.spi.TransportFactory;

/**
 * The way of a child process to the broker, with options by which a dead or frozen member is noticed within a few seconds.
 * Implementations have a public constructor without parameters.
 */
@FunctionalInterface
public interface MemberTransport {
    TransportFactory at(String address);
}
