package io.oncemq.examples.demo;

import io.oncemq.examples.Report;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;

/** Plays the customers, over HTTP, and judges by billing's ledger in the end. */
final class Story {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Stage stage;

    Story(Stage stage) {
        this.stage = stage;
    }

    /** Whether it ended as it should. */
    boolean tell() {
        chapter("Two services are running: orders publishes to " + stage.broker() + ", billing reads from it.");
        order("A1", "ann", 2000);
        await("A1 is charged", ledger -> ledger.charges().contains("A1"));

        chapter("1. A duplicate. Ann's browser saw no answer and sends the same order once more.");
        order("A1", "ann", 2000);
        await("the duplicate is suppressed", ledger -> !ledger.suppressed().isEmpty());

        chapter(
                "2. A retry. The bank is busy for Bob (the failure switch is on). He orders twice, and Ann orders again.");
        send("PUT", stage.billing() + "/failures/bob/BUSY", "");
        order("B1", "bob", 500);
        order("B2", "bob", 700);
        order("A2", "ann", 900);
        await(
                "Ann's order passes while Bob's is retried",
                ledger -> ledger.charges().contains("A2") && ledger.failures().size() >= 2);
        say("Ann was charged meanwhile. Now the switch is off: Bob's orders follow, the first one first.");
        send("DELETE", stage.billing() + "/failures/bob", "");
        await("Bob's orders are charged", ledger -> ledger.charges().contains("B2"));

        chapter("3. A dead letter. The bank refuses Cid's card for good.");
        send("PUT", stage.billing() + "/failures/cid/REFUSED", "");
        order("C1", "cid", 100);
        await("the dead letter is read", ledger -> ledger.deadLetters().contains("C1"));
        return verdict(ledger());
    }

    private static boolean verdict(Report ledger) {
        List<String> charges = ledger.charges();
        boolean right = charges.equals(List.of("A1", "A2", "B1", "B2"))
                && ledger.deadLetters().equals(List.of("C1"))
                && ledger.suppressed().contains("placed-A1");
        chapter("The ledger: charged " + charges + ", each once and Bob's in order; dead letters "
                + ledger.deadLetters() + ".");
        say(right ? "All as it should be." : "NOT as it should be: " + ledger);
        return right;
    }

    private void order(String id, String customer, long cents) {
        send(
                "POST",
                stage.orders() + "/orders",
                JSON.writeValueAsString(Map.of("id", id, "customer", customer, "cents", cents)));
    }

    private void await(String what, Predicate<Report> reached) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!reached.test(ledger())) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("in vain waited until " + what + ": " + ledger());
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private Report ledger() {
        return JSON.readValue(send("GET", stage.billing() + "/ledger", ""), Report.class);
    }

    private String send(String method, String uri, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("content-type", "application/json")
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(
                        method + " " + uri + " answered " + response.statusCode() + ": " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + uri + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void chapter(String text) {
        System.out.println();
        System.out.println(text);
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
