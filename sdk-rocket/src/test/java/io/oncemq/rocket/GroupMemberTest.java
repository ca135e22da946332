package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueAveragely;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

class GroupMemberTest {
    /** S12: the queues of a closed connection are not read. */
    @Test
    void aMemberThatABrokerListsTwiceHasOneShare() {
        List<String> listed = List.of("2@orders#a", "1@orders#a", "2@orders#a", "9@bills#a", "2@orders#a");
        List<String> members = GroupMember.alike(listed, "@orders#");
        assertThat(members).containsExactly("1@orders#a", "2@orders#a");
        List<MessageQueue> queues = new ArrayList<>(Layout.parse("a:4;b:4").queues("orders"));
        Set<MessageQueue> read = new HashSet<>();
        for (String member : members) {
            read.addAll(new AllocateMessageQueueAveragely().allocate("any", member, queues, members));
        }
        assertThat(read).hasSize(8);
    }
}
