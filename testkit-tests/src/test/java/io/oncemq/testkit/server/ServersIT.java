package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;

@Tag("containers")
@ExtendWith(LeakCheck.class)
class ServersIT {

    @Test
    void oneLineStartsABrokerWithAStoreBesideIt() throws Exception {
        try (var servers = Servers.kafkaAndRedis();
                Admin admin =
                        Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrap()));
                Jedis jedis = new Jedis(URI.create(servers.redis().uri()), 60_000)) {
            assertThat(admin.describeCluster().nodes().get(60, TimeUnit.SECONDS))
                    .hasSize(1);
            assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS)).isEmpty();
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }
}
