package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.Delivery;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** One listener method of one bean, its signature checked, ready to be called. Thread-safe. */
final class ListenerMethod {
    private static final String SUSPENDED = "kotlin.coroutines.Continuation";

    private final Object bean;
    private final Method method;
    private final ListenerParameters parameters;
    private final ListenerResult result;
    private final ArgumentCheck check;

    private ListenerMethod(
            Object bean, Method method, ListenerParameters parameters, ListenerResult result, ArgumentCheck check) {
        this.bean = bean;
        this.method = method;
        this.parameters = parameters;
        this.result = result;
        this.check = check;
    }

    /**
     * @param type the bean's class behind its proxies
     * @throws ConfigurationException if the signature cannot be used
     */
    static ListenerMethod of(
            Object bean, Class<?> type, Method declared, ListenerTexts texts, ArgumentValidation validation) {
        if (Modifier.isPrivate(declared.getModifiers()) || Modifier.isStatic(declared.getModifiers())) {
            throw refused(type, declared, "is private or static", "Make it an instance method that is not private");
        }
        ListenerResult result = result(type, declared);
        refuseAsync(type, declared);
        Method method = invocable(bean, type, declared);
        ReflectionUtils.makeAccessible(method);
        ListenerParameters parameters = ListenerParameters.of(type, declared, texts);
        return new ListenerMethod(bean, method, parameters, result, validation.of(bean, type, declared));
    }

    private static ListenerResult result(Class<?> type, Method declared) {
        int count = declared.getParameterCount();
        if (count > 0 && declared.getParameterTypes()[count - 1].getName().equals(SUSPENDED)) {
            throw refused(
                    type,
                    declared,
                    "is a suspend function of Kotlin, whose end could not be waited for",
                    "Return a CompletionStage instead, for example scope.future { … } of kotlinx-coroutines-jdk8");
        }
        ListenerResult result = ListenerResult.of(declared);
        if (result == null) {
            throw refused(
                    type,
                    declared,
                    "returns " + declared.getReturnType().getSimpleName() + ", which would be dropped",
                    "Return void, a CompletionStage or a Mono, and publish by Delivery.publishOnSuccess");
        }
        return result;
    }

    /** Its proxy returns before the method has run, so a message would be done before it is handled. */
    private static void refuseAsync(Class<?> type, Method declared) {
        boolean async = AnnotatedElementUtils.hasAnnotation(declared, Async.class)
                || AnnotatedElementUtils.hasAnnotation(type, Async.class);
        if (async && !CompletableFuture.class.isAssignableFrom(declared.getReturnType())) {
            throw refused(
                    type,
                    declared,
                    "is @Async, so its failures would be lost and its message would be done before it has run",
                    "Remove @Async (messages of other keys are handled beside it anyway), or return the CompletableFuture of the work");
        }
    }

    private static Method invocable(Object bean, Class<?> type, Method declared) {
        if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(declared.getModifiers())) {
            throw refused(
                    type,
                    declared,
                    "is final, and the bean's proxy cannot hand it on: it would run on a proxy whose fields are empty",
                    "Make it not final (in Kotlin: open, or the plugin kotlin-spring)");
        }
        try {
            return AopUtils.selectInvocableMethod(declared, bean.getClass());
        } catch (IllegalStateException e) {
            throw refused(
                    type,
                    declared,
                    "is not part of the interfaces that the bean's proxy has",
                    "Add it to one of them, or proxy the class (spring.aop.proxy-target-class=true)");
        }
    }

    static ConfigurationException refused(Class<?> type, Method method, String problem, String remedy) {
        return new ConfigurationException("@OnceListener", signature(type, method), problem, remedy);
    }

    static String signature(Class<?> type, Method method) {
        StringBuilder text = new StringBuilder(ClassUtils.getShortName(type))
                .append('.')
                .append(method.getName())
                .append('(');
        for (int i = 0; i < method.getParameterCount(); i++) {
            text.append(i == 0 ? "" : ", ").append(method.getParameterTypes()[i].getSimpleName());
        }
        return text.append(')').toString();
    }

    ResolvableType body() {
        return parameters.body();
    }

    boolean async() {
        return result != ListenerResult.RETURN;
    }

    /** Throws what the method throws. */
    void handle(Delivery<?> delivery) throws Exception {
        call(delivery);
    }

    CompletionStage<?> handleAsync(Delivery<?> delivery) throws Exception {
        return result.stage(call(delivery), method);
    }

    private @Nullable Object call(Delivery<?> delivery) throws Exception {
        @Nullable Object[] values = parameters.values(delivery);
        check.check(values, delivery.body());
        try {
            return method.invoke(bean, values);
        } catch (InvocationTargetException e) {
            ReflectionUtils.rethrowException(e.getTargetException());
            throw e;
        }
    }
}
