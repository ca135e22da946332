package io.oncemq.rocket;

import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import java.time.Duration;
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

    private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long PATIENCE_OF_SEVERAL_NANOS = Duration.ofSeconds(30).toNanos();

    /** @param queues all of the topic, in their order */
    record View(List<MessageQueue> queues, Set<MessageQueue> mine) {
        boolean isAlone() {
            return mine.size() == queues.size();
        }
    }

    private final GroupMember member;
    private final Callable<List<MessageQueue>> route;
    private final LifeMarks marks;
    private final @Nullable ReplayEnd end;
    private List<MessageQueue> known = List.of();
    private boolean begun;
    private long strangersSince;

    Membership(GroupMember member, Callable<List<MessageQueue>> route, LifeMarks marks, @Nullable ReplayEnd end) {
        this.member = member;
        this.route = route;
        this.marks = marks;
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
        List<String> members = alike(members(queues));
        return new View(
                queues, Set.copyOf(new AllocateMessageQueueAveragely().allocate("any", member.id(), queues, members)));
    }

    /**
     * M10: with several filters each member would pass over, in its queues, what another one wants. Who has begun goes on; who comes has to
     * go, unless the others do so soon: they may be about to, and all the more if it is they who differ from those that read already.
     */
    private List<String> alike(List<String> members) {
        List<String> alike = members.stream().filter(member::isAlike).toList();
        if (begun || alike.size() == members.size()) {
            begun = true;
            return alike;
        }
        long now = System.nanoTime();
        if (strangersSince == 0) {
            strangersSince = now;
        }
        boolean alone = alike.size() == 1;
        if (now - strangersSince < (alone ? PATIENCE_NANOS : PATIENCE_OF_SEVERAL_NANOS)) {
            throw new ConnectionException("waiting until members of the group with another filter have stopped");
        }
        throw new ConfigurationException(
                "filter",
                member.wanted(),
                "is not the one of other members of the group that read this destination",
                "Give all of them the same filter; to change it, stop all members first");
    }

    private List<MessageQueue> queues() throws Exception {
        try {
            member.refreshRoute();
            known = route.call();
        } catch (Exception e) {
            if (known.isEmpty()) {
                throw e;
            }
            LOG.debug("a route cannot be refreshed: cause={}", e.toString());
        }
        return known;
    }

    /** Those that live, as the first broker tells that knows this member. */
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
                        return marks.living(broker, members);
                    }
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    last = e;
                }
            }
        }
        member.askForGroup(queues.get(0));
        throw last == null ? new ConnectionException("no broker knows this member of the group yet") : last;
    }
}
