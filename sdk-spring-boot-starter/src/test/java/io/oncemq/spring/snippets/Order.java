package io.oncemq.spring.snippets;

record Order(String id, String customer, long cents) {}
