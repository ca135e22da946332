package io.oncemq.spring.snippets;

final class InvalidOrderException extends Exception {
    private static final long serialVersionUID = 1L;
}
