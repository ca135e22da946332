package io.oncemq.spi.support;

import io.oncemq.ConfigurationException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The rule that all addresses given to a transport lead to one cluster. With two clusters, the address that answers would decide where a
 * destination is, so that a publisher and its consumers would not meet. Thread-safe.
 */
public final class SameCluster {
    private SameCluster() {}

    /** Asks one address for the identity of its cluster. Called on a thread of its own; may block and throw. */
    public interface Asker {
        /** Returns the identity; empty if the address answers and does not tell it. */
        String identity(String address) throws Exception;
    }

    /**
     * Asks all addresses at once, and refuses those of different clusters. Two different answers are asked for once more, and count if they
     * stay the same: an identity may change when another broker takes over. Addresses that do not answer in time are not judged. Does nothing
     * if there is one address. Blocks for twice the time at most; if the thread is interrupted, it returns at once with its flag set.
     *
     * @param property the setting that holds the addresses
     * @param patience how long to wait for the answers
     * @throws ConfigurationException if two addresses belong to different clusters
     */
    public static void check(String property, List<String> addresses, Duration patience, Asker asker) {
        List<String> distinct = addresses.stream().distinct().toList();
        if (distinct.size() < 2) {
            return;
        }
        Map<String, String> first = ask(distinct, patience, asker);
        if (new HashSet<>(first.values()).size() > 1) {
            first.entrySet().retainAll(ask(distinct, patience, asker).entrySet());
            check(property, first);
        }
    }

    /** In the order of the list; without those that did not answer. */
    private static Map<String, String> ask(List<String> addresses, Duration patience, Asker asker) {
        long until = System.nanoTime() + patience.toNanos();
        Map<String, CompletableFuture<String>> asked = new LinkedHashMap<>();
        for (String address : addresses) {
            asked.put(address, answer(address, asker));
        }
        Map<String, String> answers = new LinkedHashMap<>();
        asked.forEach((address, answer) -> {
            String identity = within(until - System.nanoTime(), answer);
            if (!identity.isEmpty()) {
                answers.put(address, identity);
            }
        });
        return answers;
    }

    private static CompletableFuture<String> answer(String address, Asker asker) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Runnable task = () -> {
            try {
                answer.complete(asker.identity(address));
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        };
        Thread thread = new Thread(task, "oncemq-address");
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    private static String within(long nanos, CompletableFuture<String> answer) {
        try {
            return answer.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        } catch (ExecutionException | TimeoutException e) {
            return "";
        }
    }

    /**
     * Refuses addresses of different clusters. Does not block.
     *
     * @param property the setting that holds the addresses
     * @param identities what each address answered when asked by itself, in the order of the list; without those that did not answer. An
     *     empty identity says nothing
     * @throws ConfigurationException if two of them differ
     */
    public static void check(String property, Map<String, String> identities) {
        Map<String, String> known = new LinkedHashMap<>(identities);
        known.values().removeIf(String::isEmpty);
        if (new HashSet<>(known.values()).size() > 1) {
            String list = known.entrySet().stream()
                    .map(each -> each.getKey() + " belongs to " + each.getValue())
                    .collect(Collectors.joining(", "));
            throw new ConfigurationException(
                    property,
                    String.join(",", known.keySet()),
                    "the addresses belong to different clusters: " + list,
                    "Give the addresses of one cluster; open a client for each cluster");
        }
    }
}
