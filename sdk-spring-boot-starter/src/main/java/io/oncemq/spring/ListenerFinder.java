package io.oncemq.spring;

import io.oncemq.Codec;
import io.oncemq.ConfigurationException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.Environment;
import org.springframework.core.type.MethodMetadata;
import org.springframework.util.ClassUtils;

/** Finds the listener methods of all beans, also of lazy ones, which it makes, and of registered singletons, and checks them. */
final class ListenerFinder {
    private static final Set<String> SHORT_LIVED = Set.of("prototype", "request", "session");

    private final ConfigurableListableBeanFactory beans;
    private final OnceMqProperties properties;
    private final CodecResolver codecs;
    private final ArgumentValidation validation;
    private final ListenerTexts texts;

    ListenerFinder(
            ConfigurableListableBeanFactory beans,
            Environment environment,
            OnceMqProperties properties,
            CodecResolver codecs) {
        this.beans = beans;
        this.properties = properties;
        this.codecs = codecs;
        this.validation = new ArgumentValidation(beans);
        this.texts = new ListenerTexts(beans, environment);
    }

    /** @throws ConfigurationException if one of them cannot be used, or properties name one that is not there */
    List<Listener> find() {
        Map<String, ListenerProperties> own = new TreeMap<>();
        properties.getListeners().forEach((id, values) -> own.put(uniform(id), values));
        Map<String, Listener> found = new TreeMap<>();
        List<Listener> inOrder = new ArrayList<>();
        for (String name : names()) {
            Class<?> type = typeOf(name);
            if (type == null || !AnnotationUtils.isCandidateClass(type, OnceListener.class)) {
                continue;
            }
            methods(type).forEach((method, annotation) -> {
                Listener listener = listener(name, type, method, annotation, own);
                if (found.put(uniform(listener.id()), listener) != null) {
                    throw new ConfigurationException(
                            "@OnceListener(id)",
                            listener.id(),
                            "is the id of two listeners",
                            "Give each an id of its own");
                }
                inOrder.add(listener);
            });
        }
        requireKnown(found);
        return inOrder;
    }

    /** All of them before the first is made, which may add others. */
    private List<String> names() {
        List<String> names = new ArrayList<>();
        beans.getBeanNamesIterator().forEachRemaining(names::add);
        return names;
    }

    private @Nullable Class<?> typeOf(String name) {
        if (ScopedProxyUtils.isScopedTarget(name)
                || (beans.containsBeanDefinition(name)
                        && beans.getBeanDefinition(name).isAbstract())) {
            return null;
        }
        Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
        if (type != null && type.isInterface() && isOwnSingleton(name)) {
            type = AopUtils.getTargetClass(beans.getBean(name));
        }
        return type == null ? null : ClassUtils.getUserClass(type);
    }

    /** A lazy bean that a method of the application declares by an interface: only the bean itself tells which methods it has. */
    private boolean isOwnSingleton(String name) {
        if (!beans.containsBeanDefinition(name) || beans.isFactoryBean(name) || !beans.isSingleton(name)) {
            return false;
        }
        MethodMetadata factory = beans.getMergedBeanDefinition(name) instanceof AnnotatedBeanDefinition definition
                ? definition.getFactoryMethodMetadata()
                : null;
        return factory != null && !factory.getDeclaringClassName().startsWith("org.springframework.");
    }

    private static Map<Method, OnceListener> methods(Class<?> type) {
        return MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<@Nullable OnceListener>)
                method -> AnnotatedElementUtils.findMergedAnnotation(method, OnceListener.class));
    }

    private Listener listener(
            String bean, Class<?> type, Method method, OnceListener annotation, Map<String, ListenerProperties> own) {
        String signature = ListenerMethod.signature(type, method);
        if (!isOne(bean)) {
            throw new ConfigurationException(
                    "@OnceListener",
                    signature,
                    "belongs to the bean " + bean + ", of which there may be many",
                    "Move it to a singleton");
        }
        String id = annotation.id().isEmpty()
                ? bean + "-" + method.getName()
                : AnnotationLayer.resolved(annotation.id(), "id", signature, texts);
        ListenerMethod callable = ListenerMethod.of(beans.getBean(bean), type, method, texts, validation);
        List<ListenerSettings.Layer> layers = new ArrayList<>();
        ListenerProperties values = own.get(uniform(id));
        if (values != null) {
            layers.add(new ListenerSettings.Layer(values, setting -> "oncemq.listeners." + id + "." + setting));
        }
        layers.add(AnnotationLayer.of(annotation, signature, texts));
        layers.add(new ListenerSettings.Layer(properties.getListener(), setting -> "oncemq.listener." + setting));
        return new Listener(id, callable, new ListenerSettings(id, layers), codec(callable, signature));
    }

    /** A proxy of a scope is one, and what stands behind it need not be. */
    private boolean isOne(String bean) {
        String target = ScopedProxyUtils.getTargetBeanName(bean);
        String scope = beans.containsBeanDefinition(target)
                ? beans.getMergedBeanDefinition(target).getScope()
                : "";
        return beans.isSingleton(bean) && !SHORT_LIVED.contains(String.valueOf(scope));
    }

    private Codec<?> codec(ListenerMethod method, String signature) {
        try {
            Codec<?> codec = codecs.resolve(method.body());
            codec.checkDecodable();
            return codec;
        } catch (ConfigurationException e) {
            throw SettingName.renamed("body of @OnceListener on " + signature, e, e.remedy());
        }
    }

    private void requireKnown(Map<String, Listener> found) {
        for (String id : properties.getListeners().keySet()) {
            if (!found.containsKey(uniform(id))) {
                TreeSet<String> ids = new TreeSet<>();
                found.values().forEach(listener -> ids.add(listener.id()));
                throw new ConfigurationException(
                        "oncemq.listeners." + id, "(settings)", "no listener has this id", "The ids are " + ids);
            }
        }
    }

    /** As Spring Boot compares names: environment variables know neither case nor dashes. */
    private static String uniform(String id) {
        return id.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }
}
