package io.oncemq.kafka;

import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.spi.DestinationPlan;
import io.oncemq.spi.DestinationReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings on which confirmations rest: those of topics here, those of the cluster in {@link ClusterCheck}. Only
 * reports. Thread-safe; blocks, and throws the client's exceptions.
 */
final class DurabilityCheck {
    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(10);

    /** Stands in where the settings cannot be read, so that what else is known is judged alone. */
    private static final Map<String, @Nullable String> ALLOWED =
            Map.of(TopicRules.MIN_IN_SYNC, "2", TopicRules.UNCLEAN, "false");

    private final Admin admin;
    private final Topics topics;

    DurabilityCheck(Admin admin, Topics topics) {
        this.admin = admin;
        this.topics = topics;
    }

    List<Finding> cluster() {
        return new ClusterCheck(admin, topics).findings();
    }

    DestinationReport topic(String topic) {
        TopicDescription description = topics.find(topic);
        if (description == null) {
            return new DestinationReport(List.of(missing(topic)), null);
        }
        int replicas = replicas(description);
        try {
            Map<String, @Nullable String> settings = settings(topic);
            return new DestinationReport(
                    TopicRules.findings(topic, replicas, settings),
                    TopicRules.retention(settings),
                    TopicRules.largest(settings));
        } catch (AuthorizationException e) {
            List<Finding> findings = new ArrayList<>(TopicRules.findings(topic, replicas, ALLOWED));
            findings.addAll(TopicRules.unreadable(topic, "the broker refuses to tell: " + e.getMessage()));
            return new DestinationReport(findings, null);
        }
    }

    private Map<String, @Nullable String> settings(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        long deadline = System.nanoTime() + Topics.NEWS_DEADLINE.toNanos();
        while (true) {
            try {
                return values(get(configs(admin, resource, ANSWER_DEADLINE)));
            } catch (UnknownTopicOrPartitionException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                Pauses.shortly();
            }
        }
    }

    private static Finding missing(String topic) {
        return Finding.violation(
                TopicRules.component(topic),
                "destination",
                "does not exist",
                "must exist before it is used: a topic that its first message creates has the broker's default settings",
                "Create it, for example with MessagingClient.ensure(DestinationSpec.of(\"" + topic + "\"))");
    }

    /** Asks the broker what it would create; what the user leaves open and the broker would make too weak is raised. */
    DestinationPlan plan(DestinationSpec asked) {
        CreateTopicsResult answer = validated(asked);
        try {
            get(answer.all());
        } catch (TopicExistsException e) {
            return new DestinationPlan(asked, topic(asked.name()).findings());
        }
        try {
            return plan(asked, get(answer.replicationFactor(asked.name())), values(get(answer.config(asked.name()))));
        } catch (AuthorizationException e) {
            return new DestinationPlan(
                    asked, TopicRules.unreadable(asked.name(), "the broker refuses to tell: " + e.getMessage()));
        }
    }

    private CreateTopicsResult validated(DestinationSpec asked) {
        Optional<Short> replicas = asked.replicas() == 0 ? Optional.empty() : Optional.of((short) asked.replicas());
        NewTopic topic = new NewTopic(asked.name(), Optional.of(Math.max(1, asked.partitions())), replicas)
                .configs(asked.settings());
        CreateTopicsOptions options = new CreateTopicsOptions()
                .timeoutMs(Math.toIntExact(ANSWER_DEADLINE.toMillis()))
                .validateOnly(true);
        return admin.createTopics(List.of(topic), options);
    }

    /** The topic of dead letters with a limit above that of its source, unless it was asked for with one. */
    DestinationSpec withRoom(DestinationSpec letters, DestinationSpec source, int room) {
        String setting = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
        if (letters.settings().containsKey(setting)) {
            return letters;
        }
        Long limit = largest(source);
        return limit == null || limit > Integer.MAX_VALUE - room
                ? letters
                : letters.toBuilder()
                        .setting(setting, Long.toString(limit + room))
                        .build();
    }

    private @Nullable Long largest(DestinationSpec topic) {
        try {
            if (topics.exists(topic.name())) {
                return TopicRules.largest(settings(topic.name()));
            }
            return TopicRules.largest(values(get(validated(topic).config(topic.name()))));
        } catch (AuthorizationException e) {
            return null;
        }
    }

    static DestinationPlan plan(DestinationSpec asked, int replicas, Map<String, @Nullable String> settings) {
        DestinationSpec raised = asked;
        int copies = replicas;
        Map<String, @Nullable String> planned = new HashMap<>(settings);
        if (asked.replicas() == 0 && replicas < TopicRules.REPLICAS) {
            copies = TopicRules.REPLICAS;
            raised = raised.toBuilder().replicas(copies).build();
        }
        String inSync = settings.get(TopicRules.MIN_IN_SYNC);
        boolean weak = inSync != null && TopicRules.number(inSync) < TopicRules.IN_SYNC;
        if (weak && !asked.settings().containsKey(TopicRules.MIN_IN_SYNC)) {
            planned.put(TopicRules.MIN_IN_SYNC, "2");
            raised = raised.toBuilder().setting(TopicRules.MIN_IN_SYNC, "2").build();
        }
        boolean unclean = "true".equals(settings.get(TopicRules.UNCLEAN));
        if (unclean && !asked.settings().containsKey(TopicRules.UNCLEAN)) {
            planned.put(TopicRules.UNCLEAN, "false");
            raised = raised.toBuilder().setting(TopicRules.UNCLEAN, "false").build();
        }
        return new DestinationPlan(raised, TopicRules.findings(asked.name(), copies, planned));
    }

    static int replicas(TopicDescription topic) {
        return topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    static KafkaFuture<Config> configs(Admin admin, ConfigResource resource, Duration timeout) {
        DescribeConfigsOptions options = new DescribeConfigsOptions().timeoutMs(Math.toIntExact(timeout.toMillis()));
        return Objects.requireNonNull(
                admin.describeConfigs(List.of(resource), options).values().get(resource));
    }

    static Map<String, @Nullable String> values(Config config) {
        Map<String, @Nullable String> values = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            values.put(entry.name(), entry.value());
        }
        return values;
    }

    static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw KafkaErrors.raised(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
