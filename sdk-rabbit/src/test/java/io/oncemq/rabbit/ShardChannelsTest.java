package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Envelope;
import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import io.oncemq.spi.Shard.AcknowledgeMode;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.support.SourceRecovery;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ShardChannelsTest {
    private final List<Shard> lost = new ArrayList<>();
    private final List<MessagingEvent> events = new ArrayList<>();
    private final List<Consumer<List<Acknowledgement>>> drains = new ArrayList<>();
    private boolean connected = true;
    private long nanos = 1;
    private long epochs;
    private final Listener listener = new Listener();
    private final SourceRecovery recovery = new SourceRecovery(spec(), listener::onEvent, () -> nanos);
    private final ShardChannels channels =
            new ShardChannels(listener, recovery, Runnable::run, Runnable::run, () -> nanos, Duration.ofSeconds(20));

    @Test
    void tellsOnceThatAChannelEndedWhileItIsDrained() throws IOException {
        OwnedQueue queue = queue();
        ShardChannel channel = open(queue);
        deliver(channel);
        channels.dispatch();
        boolean[] after = {false};
        channels.release(queue, () -> after[0] = true);
        connected = false;
        channel.handleCancel("c");
        channels.loseEnded();
        channels.loseEnded();
        assertThat(lost).containsExactly(channel.shard);
        assertThat(queue.leaving).isTrue();
        drains.get(0).accept(List.of());
        assertThat(after[0]).isTrue();
        assertThat(queue.isToOpen()).isTrue();
        channels.loseEnded();
        assertThat(lost).hasSize(1);
    }

    @Test
    void waitsEverLongerForAQueueWhoseChannelsEndBeforeTheyAreOfUse() throws IOException {
        recovery.letIn();
        OwnedQueue queue = queue();
        for (int round = 0; round < 20; round++) {
            endOne(queue, false);
        }
        assertThat(queue.openAt - nanos).isGreaterThan(Duration.ofSeconds(1).toNanos());
        assertThat(events).hasSize(1).first().isInstanceOf(SourceInterrupted.class);
    }

    @Test
    void opensAQueueAgainSoonIfSomethingOfItWasSettledOrItsConnectionEnded() throws IOException {
        recovery.letIn();
        OwnedQueue queue = queue();
        for (int round = 0; round < 20; round++) {
            endOne(queue, true);
        }
        connected = false;
        for (int round = 0; round < 20; round++) {
            endOne(queue, false);
        }
        assertThat(queue.openAt - nanos).isLessThan(Duration.ofMillis(200).toNanos());
        assertThat(events).isEmpty();
    }

    private OwnedQueue queue() {
        channels.add(List.of("orders.g.0"));
        return channels.all().iterator().next();
    }

    private void endOne(OwnedQueue queue, boolean settles) throws IOException {
        ShardChannel channel = open(queue);
        deliver(channel);
        channels.dispatch();
        if (settles) {
            channel.settled(new Acknowledgement(channel.shard, 1, Acknowledgement.NONE, false));
        }
        channel.handleCancel("c");
        channels.loseEnded();
    }

    private ShardChannel open(OwnedQueue queue) {
        Connection connection = proxy(
                Connection.class, (self, method, arguments) -> method.getName().equals("isOpen") && connected);
        Channel channel = proxy(Channel.class, (self, method, arguments) -> switch (method.getName()) {
            case "getConnection" -> connection;
            case "isOpen" -> false;
            default -> null;
        });
        Shard shard = new Shard(queue.name, ++epochs, AcknowledgeMode.INDIVIDUAL);
        ShardChannel opened = new ShardChannel(channel, shard, 10, 1_000, () -> {}, () -> nanos);
        channels.opened(queue, opened);
        return opened;
    }

    private static void deliver(ShardChannel channel) {
        channel.handleDelivery("c", new Envelope(1, false, "orders", "0/1"), new BasicProperties(), new byte[1]);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, answers));
    }

    private static SourceSpec spec() {
        return SourceSpec.builder("orders", "g")
                .onLost(LostPositions.EARLIEST)
                .maxInFlight(100)
                .maxInFlightBytes(1 << 20)
                .build();
    }

    private final class Listener implements SourceListener {
        @Override
        public void onAssigned(Collection<Shard> shards) {}

        @Override
        public void onMessages(Shard shard, List<InboundMessage> messages) {}

        @Override
        public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
            return List.of();
        }

        @Override
        public void revoke(Collection<Shard> shards, Consumer<List<Acknowledgement>> drained) {
            drains.add(drained);
        }

        @Override
        public void onLost(Collection<Shard> shards) {
            lost.addAll(shards);
        }

        @Override
        public void onEvent(MessagingEvent event) {
            events.add(event);
        }

        @Override
        public void onFailure(Throwable cause) {}
    }
}
