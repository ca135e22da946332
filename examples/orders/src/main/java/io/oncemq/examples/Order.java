package io.oncemq.examples;

/**
 * What a customer ordered.
 *
 * @param id of the order
 * @param customer whose orders are charged one after another
 */
public record Order(String id, String customer, long cents) {}
