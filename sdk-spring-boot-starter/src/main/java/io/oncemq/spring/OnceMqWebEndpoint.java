package io.oncemq.spring;

import io.oncemq.spring.OnceMqEndpoint.Action;
import io.oncemq.spring.OnceMqEndpoint.Description;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/** The write operation over HTTP: a 404 where there is no such listener, which Boot does for reads only. */
@EndpointWebExtension(endpoint = OnceMqEndpoint.class)
final class OnceMqWebEndpoint {
    private final OnceMqEndpoint endpoint;

    OnceMqWebEndpoint(OnceMqEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @WriteOperation
    WebEndpointResponse<Description> change(@Selector String id, Action action) {
        Description changed = endpoint.change(id, action);
        return changed == null
                ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                : new WebEndpointResponse<>(changed);
    }
}
