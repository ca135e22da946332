/**
 * Real servers for tests with Spring Boot. Needs Spring Boot and {@code spring-test}, optional dependencies, on the class path.
 *
 * <p>Servers outlive the contexts that use them. Spring keeps contexts open until the JVM ends, and shutdown hooks run at the same time; if the
 * servers ended first, each context would wait for them until its deadline. So the servers' hooks wait until Spring Boot's hook has closed all
 * contexts. JUnit's stores end too early: with several forks Surefire runs each class as an execution of its own.
 *
 * <p>The servers are named by properties, before all others, and not by connection details: the profile is a property in any case.
 */
@NullMarked
package io.oncemq.testkit.spring;

import org.jspecify.annotations.NullMarked;
