package io.oncemq.quickstart;

import tools.jackson.databind.JsonNode;

/** Messages to publish, in their order. Can be read more than once, each time with the same result. */
interface Input {
    void read(Visitor visitor);

    /** Takes what is read. */
    interface Visitor {
        void message(int line, String id, String key, JsonNode data);

        void malformed(int line, String problem);
    }
}
