package io.oncemq.quickstart;

import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.ServerException;
import java.util.concurrent.TimeoutException;

/** The messages in the group's queues, those that were delivered and not acknowledged included: AMQP itself tells the others only. */
final class RabbitBacklog implements Backlog {
    private static final String MESSAGES = """
            lists:sum([proplists:get_value(messages, rabbit_amqqueue:info(Queue, [messages]))
              || Queue <- rabbit_amqqueue:list(<<"/">>), {resource, _, queue, Name} <- [amqqueue:get_name(Queue)],
              string:prefix(Name, <<"%s.%s.">>) =/= nomatch, string:find(Name, <<".dlq.">>) =:= nomatch])
            """.formatted(Places.DESTINATION, Places.GROUP);

    private final RabbitServer server;

    RabbitBacklog(RabbitServer server) {
        this.server = server;
    }

    @Override
    public long open() throws TimeoutException {
        try {
            return Long.parseLong(server.eval(MESSAGES).strip());
        } catch (ServerException e) {
            throw (TimeoutException) new TimeoutException("no answer").initCause(e);
        }
    }

    @Override
    public void close() {
        // holds nothing open
    }
}
