package io.oncemq.rocket;

import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.body.ClusterInfo;

/**
 * Whether all name servers of a list are of one cluster: its brokers register with each of them. With two clusters, whichever server a
 * client happens to ask would decide where a destination is, so that a publisher and its consumers would miss each other.
 */
final class OneCluster {
    private static final long PATIENCE_MILLIS = 3_000;

    private OneCluster() {}

    /**
     * Asks each name server for its brokers. Those that do not answer, or have no brokers yet, say nothing. Blocks.
     *
     * @throws ConfigurationException if two of them know brokers and have none in common
     */
    static void check(MQClientAPIImpl api, List<String> nameServers) {
        if (nameServers.size() < 2) {
            return;
        }
        Map<String, Set<String>> known = new LinkedHashMap<>();
        for (String each : nameServers) {
            try {
                known.put(each, Topics.asked("asking " + each + " for brokers", () -> masters(api, each)));
            } catch (ConnectionException unreachable) {
                continue;
            }
        }
        check(known);
    }

    /** @param known the addresses of masters by name server */
    static void check(Map<String, Set<String>> known) {
        Map<String, Set<String>> some = new LinkedHashMap<>(known);
        some.values().removeIf(Set::isEmpty);
        some.forEach((one, brokers) -> some.forEach((other, others) -> {
            if (brokers.stream().noneMatch(others::contains)) {
                throw new ConfigurationException(
                        "nameServers",
                        some.keySet(),
                        "are of different clusters: " + one + " knows the brokers " + brokers + ", and " + other
                                + " knows " + others,
                        "Name the name servers of one cluster; open a client for each cluster");
            }
        }));
    }

    private static Set<String> masters(MQClientAPIImpl api, String nameServer) throws Exception {
        RemotingCommand question = RemotingCommand.createRequestCommand(RequestCode.GET_BROKER_CLUSTER_INFO, null);
        RemotingCommand answer = api.getRemotingClient().invokeSync(nameServer, question, PATIENCE_MILLIS);
        byte[] body = answer.getBody();
        if (body == null) {
            return Set.of();
        }
        return ClusterInfo.decode(body, ClusterInfo.class).getBrokerAddrTable().values().stream()
                .map(broker -> broker.getBrokerAddrs().get(MixAll.MASTER_ID))
                .filter(address -> address != null)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
