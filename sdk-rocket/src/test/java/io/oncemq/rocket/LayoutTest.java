package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.rocketmq.remoting.protocol.route.QueueData;
import org.apache.rocketmq.remoting.protocol.route.TopicRouteData;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private static TopicRouteData route(QueueData... data) {
        TopicRouteData route = new TopicRouteData();
        route.setQueueDatas(new ArrayList<>(List.of(data)));
        return route;
    }

    private static QueueData broker(String name, int queues, int flags) {
        QueueData data = new QueueData();
        data.setBrokerName(name);
        data.setWriteQueueNums(queues);
        data.setReadQueueNums(queues);
        data.setTopicSysFlag(flags);
        return data;
    }

    @Test
    void isReadAsItIsWritten() {
        Layout layout = Layout.spread(5, List.of("broker-b", "broker-a"));
        assertThat(layout).hasToString("broker-a:2;broker-b:3");
        assertThat(Layout.parse(layout.toString())).isEqualTo(layout);
        assertThat(Layout.parse("host:1:4;x:2").size()).isEqualTo(6);
    }

    @Test
    void placesAreSortedByBrokerAndNumber() {
        assertThat(Layout.parse("b:1;a:2").queues("t"))
                .extracting(each -> each.getBrokerName() + each.getQueueId())
                .containsExactly("a0", "a1", "b0");
    }

    @Test
    void aBrokerThatIsUnreachableKeepsItsQueuesAndOneThatIsThereHasWhatItSays() {
        Layout kept = Layout.parse("a:2;b:2");
        assertThat(kept.seen(route(broker("a", 2, 0)))).isEqualTo(kept);
        assertThat(kept.seen(route(broker("a", 4, 0)))).hasToString("a:4;b:2");
        assertThat(kept.seen(route(broker("a", 1, 0), broker("b", 2, 0)))).hasToString("a:1;b:2");
        assertThat(kept.seen(route())).isEqualTo(kept);
        assertThat(kept.seen(route(broker("a", 4, 0), broker("b", 0, 0)))).hasToString("a:4");
    }

    /** B11: bits that RocketMQ does not use, and does not lose. */
    @Test
    void theBrokersSayHowManyQueuesThereAreInAll() {
        int flags = Layout.parse("a:2;b:2").flags();
        assertThat(flags & 0xFF).isZero();
        assertThat(Layout.declared(route(broker("a", 2, flags)))).isEqualTo(4);
        assertThat(Layout.declared(route(broker("a", 2, 3)))).isZero();
        assertThat(Layout.declared(route())).isZero();
    }
}
