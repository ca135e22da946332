package io.oncemq.spring.snippets;

record Mail(String to) {}
