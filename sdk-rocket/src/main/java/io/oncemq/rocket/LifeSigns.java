package io.oncemq.rocket;

import io.oncemq.ConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.remoting.RemotingClient;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.header.HeartbeatRequestHeader;
import org.apache.rocketmq.remoting.protocol.heartbeat.HeartbeatData;
import org.jspecify.annotations.Nullable;

/**
 * Pings all brokers at the same time, by a heartbeat without producers and consumers, which needs no right. One answer is enough, so a
 * frozen broker delays no caller, and all brokers together take no longer than one. Thread-safe.
 */
final class LifeSigns {
    private final RemotingClient brokers;
    private final Duration patience;

    LifeSigns(RemotingClient brokers, Duration patience) {
        this.brokers = brokers;
        this.patience = patience;
    }

    /**
     * Blocks until a broker has answered, all have failed, or the time is over.
     *
     * @param masters addresses by the names of brokers
     * @return null once a broker has answered, else what names each broker with what became of its question
     * @throws io.oncemq.AuthenticationException if a broker refuses the credentials before another one has answered
     */
    @Nullable
    ConnectionException ask(String doing, Map<String, String> masters, String clientId) {
        if (masters.isEmpty()) {
            return new ConnectionException("no broker is registered with the name server");
        }
        HeartbeatData empty = new HeartbeatData();
        empty.setClientID(clientId);
        byte[] body = empty.encode();
        Map<String, CompletableFuture<Void>> answers = new TreeMap<>();
        masters.forEach((name, address) -> answers.put(name, answer(name, address, body)));
        try {
            first(answers).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (TimeoutException e) {
            return silent(doing, masters, answers, e);
        } catch (ExecutionException e) {
            if (RocketErrors.translate(doing, e) instanceof ConnectionException) {
                return silent(doing, masters, answers, e);
            }
            throw RocketErrors.translate(doing, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RocketErrors.translate(doing, e);
        }
    }

    private CompletableFuture<Void> answer(String name, String address, byte[] body) {
        RemotingCommand heartbeat =
                RemotingCommand.createRequestCommand(RequestCode.HEART_BEAT, new HeartbeatRequestHeader());
        heartbeat.setBody(body);
        return brokers.invoke(address, heartbeat, patience.toMillis()).thenCompose(answer -> {
            if (answer.getCode() == ResponseCode.SUCCESS) {
                return CompletableFuture.completedFuture(null);
            }
            return CompletableFuture.failedFuture(new MQBrokerException(answer.getCode(), answer.getRemark(), name));
        });
    }

    /** Ends with the first answer, be it a refusal, or with the last failure. */
    private static CompletableFuture<Void> first(Map<String, CompletableFuture<Void>> answers) {
        CompletableFuture<Void> first = new CompletableFuture<>();
        AtomicInteger open = new AtomicInteger(answers.size());
        answers.values()
                .forEach(answer -> answer.whenComplete((ok, failure) -> {
                    if (failure == null) {
                        first.complete(null);
                    } else if (open.decrementAndGet() == 0
                            || !(RocketErrors.translate("", failure) instanceof ConnectionException)) {
                        first.completeExceptionally(failure);
                    }
                }));
        return first;
    }

    private ConnectionException silent(
            String doing, Map<String, String> masters, Map<String, CompletableFuture<Void>> answers, Exception cause) {
        String each = answers.entrySet().stream()
                .map(entry -> entry.getKey() + " at " + masters.get(entry.getKey()) + " " + fate(entry.getValue()))
                .collect(Collectors.joining(", "));
        return new ConnectionException(doing + ": no broker answers: " + each, cause);
    }

    private String fate(CompletableFuture<Void> answer) {
        return answer.isCompletedExceptionally()
                ? "could not be reached"
                : "has not answered for " + patience.toSeconds() + " s";
    }
}
