package io.oncemq.quickstart;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Orders of customers who take turns; a customer has about twenty of them. */
record GeneratedInput(int messages) implements Input {
    private static final int ORDERS_PER_CUSTOMER = 20;

    @Override
    public void read(Visitor visitor) {
        int customers = Math.max(1, messages / ORDERS_PER_CUSTOMER);
        for (int i = 0; i < messages; i++) {
            String id = "order-" + i;
            String customer = "customer-" + i % customers;
            ObjectNode data = JsonNodeFactory.instance.objectNode();
            data.put("id", id).put("key", customer).put("cents", 100 + i % 900);
            visitor.message(i + 1, id, customer, data);
        }
    }
}
