package io.oncemq.jms;

import io.oncemq.MessageFilter;
import jakarta.jms.JMSException;
import org.apache.activemq.command.Message;
import org.apache.activemq.filter.BooleanExpression;
import org.apache.activemq.filter.MessageEvaluationContext;
import org.apache.activemq.selector.SelectorParser;

/**
 * Which messages a group wants, found out by its members: the broker has no filters of queues, and what a consumer's selector leaves out stays in the
 * queue. By the broker's own classes, which its client has too. Belongs to one thread.
 */
final class ActiveMqFilter {
    private final BooleanExpression condition;
    private final MessageEvaluationContext context = new MessageEvaluationContext();

    private ActiveMqFilter(BooleanExpression condition) {
        this.condition = condition;
    }

    /** @throws io.oncemq.ConfigurationException if the broker would not understand it */
    static ActiveMqFilter of(MessageFilter filter) {
        BooleanExpression[] parsed = new BooleanExpression[1];
        Selectors.check(filter, text -> parsed[0] = SelectorParser.parse(text));
        return new ActiveMqFilter(parsed[0]);
    }

    boolean wants(Message message) throws JMSException {
        context.setMessageReference(message);
        context.setDestination(message.getDestination());
        try {
            return condition.matches(context);
        } finally {
            context.clear();
        }
    }
}
