package io.oncemq.examples.demo;

import io.oncemq.testkit.server.ServerException;
import java.util.List;

/** {@code ./demo}: both services on servers of their own, and what happens when things go wrong. */
public final class Demo {
    private static final String USAGE = "usage: ./demo [--broker kafka|rabbit|rocketmq|artemis|activemq]";

    private Demo() {}

    public static void main(String[] args) {
        Runtime.getRuntime().exit(run(List.of(args)));
    }

    static int run(List<String> args) {
        String broker = args.size() == 2 && args.get(0).equals("--broker") ? args.get(1) : "kafka";
        if (!args.isEmpty() && args.size() != 2
                || !List.of("kafka", "rabbit", "rocketmq", "artemis", "activemq")
                        .contains(broker)) {
            System.err.println(USAGE);
            return 2;
        }
        try (Stage stage = Stage.open(broker)) {
            return new Story(stage).tell() ? 0 : 1;
        } catch (ServerException e) {
            System.err.println("demo: " + e.getMessage());
            return 1;
        }
    }
}
