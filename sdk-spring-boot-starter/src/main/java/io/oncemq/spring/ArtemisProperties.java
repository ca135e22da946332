package io.oncemq.spring;

/** What is particular to ActiveMQ Artemis. */
public class ArtemisProperties extends JmsProperties {}
