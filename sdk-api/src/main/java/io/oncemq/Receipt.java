package io.oncemq;

/** The broker's confirmation that it has stored a message by the rules of its durability settings. */
public record Receipt(String id, String destination, Position position) {}
