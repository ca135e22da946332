package io.oncemq.core.publish;

/** Where order matters: one key of one destination. */
record Slot(String destination, String key) {}
