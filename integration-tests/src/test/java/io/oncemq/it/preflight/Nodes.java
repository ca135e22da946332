package io.oncemq.it.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** Changes of which each of three Kafka nodes has heard when a method returns, for a client may ask any of them. */
final class Nodes {
    private final Admin admin;

    Nodes(Admin admin) {
        this.admin = admin;
    }

    /** Each node hears of topics in their order: who has a replica of a later one knows this one as well. */
    void create(String name, int replicas, Map<String, String> settings) throws Exception {
        createOne(new NewTopic(name, 1, (short) replicas).configs(settings));
        String later = name + "-later";
        createOne(new NewTopic(later, 1, (short) 3));
        patiently().until(() -> allHaveReplicaOf(later));
    }

    private void createOne(NewTopic topic) throws Exception {
        admin.createTopics(List.of(topic)).all().get();
    }

    private boolean allHaveReplicaOf(String topic) throws Exception {
        TopicPartition replica = new TopicPartition(topic, 0);
        return admin.describeLogDirs(ids()).allDescriptions().get().values().stream()
                .allMatch(folders -> folders.values().stream()
                        .anyMatch(each -> each.replicaInfos().containsKey(replica)));
    }

    /** A dynamic default of all brokers, true or false; null is what Kafka has by itself, false. */
    void setByDefault(String setting, @Nullable String value) throws Exception {
        AlterConfigOp change = new AlterConfigOp(
                new ConfigEntry(setting, value),
                value == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET);
        ConfigResource everyBroker = new ConfigResource(ConfigResource.Type.BROKER, "");
        admin.incrementalAlterConfigs(Map.of(everyBroker, List.of(change)))
                .all()
                .get();
        String expected = value == null ? "false" : value;
        for (int id : ids()) {
            patiently().until(() -> expected.equals(settingOf(id, setting)));
        }
    }

    private String settingOf(int id, String setting) throws Exception {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(id));
        return admin.describeConfigs(List.of(broker))
                .values()
                .get(broker)
                .get()
                .get(setting)
                .value();
    }

    private List<Integer> ids() throws Exception {
        List<Integer> ids =
                admin.describeCluster().nodes().get().stream().map(Node::id).toList();
        assertThat(ids).hasSize(3);
        return ids;
    }

    private static ConditionFactory patiently() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions();
    }
}
