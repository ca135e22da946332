package io.oncemq.spring.snippets;

interface Ledger {
    void charge(Order order) throws InvalidOrderException;
}
