package io.oncemq.testkit.server;

import java.nio.file.Path;

/**
 * A server program and what it is.
 *
 * @param product {@code Redis} or {@code Valkey}
 * @param number such as {@code 7.0.15}
 */
public record RedisVersion(Path program, String product, String number) {
    @Override
    public String toString() {
        return product + " " + number;
    }
}
