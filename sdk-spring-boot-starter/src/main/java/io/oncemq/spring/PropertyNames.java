package io.oncemq.spring;

import io.oncemq.spi.NearestName;
import java.beans.PropertyDescriptor;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;

/** The known names below {@code oncemq}, read from the classes that hold the properties. Stateless. */
final class PropertyNames {
    private PropertyNames() {}

    /** The name that an unknown one most likely means; null if none is near. */
    static @Nullable String near(ConfigurationPropertyName unknown) {
        StringBuilder name = new StringBuilder("oncemq");
        ResolvableType type = ResolvableType.forClass(OnceMqProperties.class);
        boolean corrected = false;
        for (int i = 1; i < unknown.getNumberOfElements(); i++) {
            String element = unknown.getElement(i, Form.ORIGINAL);
            Class<?> holder = type.toClass();
            if (Map.class.isAssignableFrom(holder)) {
                name.append('.').append(element);
                type = type.getGeneric(1);
                continue;
            }
            Map<String, ResolvableType> known = holder.getName().startsWith("io.oncemq.") ? of(holder) : Map.of();
            String meant = known.containsKey(element) ? element : NearestName.to(element, known.keySet());
            if (meant == null) {
                return null;
            }
            corrected |= !meant.equals(element);
            name.append('.').append(meant);
            type = Objects.requireNonNull(known.get(meant));
        }
        return corrected ? name.toString() : null;
    }

    private static Map<String, ResolvableType> of(Class<?> holder) {
        Map<String, ResolvableType> names = new TreeMap<>();
        Arrays.stream(BeanUtils.getPropertyDescriptors(holder))
                .filter(property ->
                        property.getReadMethod() != null && !property.getName().equals("class"))
                .forEach(property ->
                        names.put(dashed(property), ResolvableType.forMethodReturnType(property.getReadMethod())));
        return names;
    }

    private static String dashed(PropertyDescriptor property) {
        return property.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
