package io.oncemq.examples;

import java.util.List;

/**
 * What billing did.
 *
 * @param charges ids of orders
 * @param deadLetters ids of orders
 * @param suppressed ids of messages
 * @param failures ids of messages, one for each failed attempt
 */
public record Report(List<String> charges, List<String> deadLetters, List<String> suppressed, List<String> failures) {}
