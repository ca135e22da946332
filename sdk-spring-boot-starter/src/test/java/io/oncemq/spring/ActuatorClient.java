package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The actuator of an application, over HTTP as operators use it. */
final class ActuatorClient {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    ActuatorClient(ApplicationContext context) {
        base = "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port") + "/actuator";
    }

    JsonNode get(String path) throws Exception {
        return answered(HttpRequest.newBuilder(URI.create(base + path)).build());
    }

    JsonNode post(String path, String json) throws Exception {
        return answered(HttpRequest.newBuilder(URI.create(base + path))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    private JsonNode answered(HttpRequest request) throws Exception {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(request + ": " + response.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(response.body());
    }

    /** The first measurement of a meter, with tags as {@code name:value}. */
    double metric(String name, String... tags) throws Exception {
        StringBuilder path = new StringBuilder("/metrics/").append(name);
        for (int i = 0; i < tags.length; i++) {
            path.append(i == 0 ? '?' : '&').append("tag=").append(tags[i]);
        }
        JsonNode value = get(path.toString()).get("measurements").get(0).get("value");
        return Double.parseDouble(value.asString()); // which JSON has no word for if it is not a number
    }
}
