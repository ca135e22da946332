package io.oncemq.quickstart;

import tools.jackson.databind.JsonNode;

/**
 * The body of a message.
 *
 * @param sequence its place among the messages of the key, from 1
 * @param data the input's object
 */
record Order(String key, int sequence, JsonNode data) {}
