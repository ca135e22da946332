package io.oncemq.rocket;

import io.oncemq.ConnectionException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueAveragely;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which queues there are and which of them are this member's: the sorted queues over the sorted members, so that all members come to the same
 * result from the same lists. Until their lists agree the locks decide. Blocks; one call at a time.
 */
final class Membership implements Callable<Membership.View> {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    /** @param queues all of the topic, in their order */
    record View(List<MessageQueue> queues, Set<MessageQueue> mine) {}

    private final GroupMember member;
    private final Callable<List<MessageQueue>> route;
    private final @Nullable ReplayEnd end;
    private List<MessageQueue> known = List.of();

    Membership(GroupMember member, Callable<List<MessageQueue>> route, @Nullable ReplayEnd end) {
        this.member = member;
        this.route = route;
        this.end = end;
    }

    @Override
    public View call() throws Exception {
        List<MessageQueue> queues = queues();
        if (end != null) {
            end.find(queues);
        }
        if (queues.isEmpty()) {
            return new View(queues, Set.of());
        }
        List<String> members = members(queues);
        return new View(
                queues, Set.copyOf(new AllocateMessageQueueAveragely().allocate("any", member.id(), queues, members)));
    }

    private List<MessageQueue> queues() throws Exception {
        try {
            member.refreshRoute();
            known = route.call();
        } catch (Exception e) {
            if (known.isEmpty()) {
                throw e;
            }
            LOG.debug("the route is not known anew: {}", e.toString());
        }
        return known;
    }

    /** As the first broker tells that knows this member. */
    private List<String> members(List<MessageQueue> queues) throws Exception {
        Exception last = null;
        for (int attempt = 0; attempt < 2; attempt++) {
            if (attempt > 0) {
                member.heartbeat();
            }
            for (String broker :
                    queues.stream().map(MessageQueue::getBrokerName).distinct().toList()) {
                try {
                    List<String> members = member.members(broker);
                    if (members.contains(member.id())) {
                        return members;
                    }
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    last = e;
                }
            }
        }
        throw last == null ? new ConnectionException("no broker knows this member of the group yet") : last;
    }
}
