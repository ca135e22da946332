package io.oncemq.boot;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * What the compiled code of some jars expects of a class path and does not find there: classes, methods, constructors and fields. Java
 * itself finds each of them when the code is run for the first time, which a test of one way through the code cannot.
 */
final class Linkage {
    private final ClassLoader classes;
    private final Set<String> packages;
    private final Set<String> broken = new TreeSet<>();

    private Linkage(ClassLoader classes, Set<String> packages) {
        this.classes = classes;
        this.packages = packages;
    }

    /**
     * What code of {@code jars} expects and {@code classPath}, which has those jars too, lacks. Classes of packages that are not there at
     * all belong to a library that the application has not chosen.
     */
    static Set<String> broken(Collection<Path> jars, Collection<Path> classPath) throws IOException {
        List<URL> urls = new ArrayList<>();
        Set<String> packages = new HashSet<>();
        for (Path jar : classPath) {
            urls.add(jar.toUri().toURL());
            try (JarFile file = new JarFile(jar.toFile())) {
                file.stream()
                        .map(JarEntry::getName)
                        .filter(name -> name.endsWith(".class"))
                        .map(Linkage::folder)
                        .forEach(packages::add);
            }
        }
        try (URLClassLoader classes =
                new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Linkage linkage = new Linkage(classes, packages);
            for (Path jar : jars) {
                linkage.check(jar);
            }
            return linkage.broken;
        }
    }

    private void check(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                if (entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF")) {
                    try (InputStream in = file.getInputStream(entry)) {
                        check(new ClassReader(in));
                    }
                }
            }
        }
    }

    private void check(ClassReader reader) {
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(int access, String name, String descriptor, String s, String[] e) {
                        return calls(reader.getClassName() + "." + name);
                    }
                },
                ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    }

    private MethodVisitor calls(String from) {
        return new MethodVisitor(Opcodes.ASM9) {
            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                method(from, owner, name, descriptor);
            }

            @Override
            public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
                field(from, owner, name);
            }

            @Override
            public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
                for (Object argument : arguments) {
                    if (argument instanceof Handle handle && handle.getTag() >= Opcodes.H_INVOKEVIRTUAL) {
                        method(from, handle.getOwner(), handle.getName(), handle.getDesc());
                    }
                }
            }
        };
    }

    private void method(String from, String owner, String name, String descriptor) {
        if (owner.startsWith("[") || owner.startsWith("java/")) {
            return;
        }
        try {
            Class<?> type = type(owner);
            boolean found = name.equals("<init>")
                    ? Arrays.stream(type.getDeclaredConstructors())
                            .anyMatch(c -> Type.getConstructorDescriptor(c).equals(descriptor))
                    : withSupertypes(type).stream()
                            .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                            .anyMatch(method -> method.getName().equals(name)
                                    && descriptor(method).equals(descriptor));
            if (!found && !signaturePolymorphic(type)) {
                broken.add(owner + "." + name + descriptor + " for " + from);
            }
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            missing(from, String.valueOf(e.getMessage()).replace('.', '/'));
        }
    }

    private void field(String from, String owner, String name) {
        if (owner.startsWith("java/")) {
            return;
        }
        try {
            if (withSupertypes(type(owner)).stream()
                    .flatMap(each -> Arrays.stream(each.getDeclaredFields()))
                    .noneMatch(field -> field.getName().equals(name))) {
                broken.add(owner + "." + name + " for " + from);
            }
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            missing(from, String.valueOf(e.getMessage()).replace('.', '/'));
        }
    }

    private void missing(String from, String type) {
        if (packages.contains(folder(type))) {
            broken.add(type + " for " + from);
        }
    }

    private static String folder(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    private static boolean signaturePolymorphic(Class<?> type) {
        return type.getName().startsWith("java.lang.invoke.");
    }

    private static String descriptor(Method method) {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .toMethodDescriptorString();
    }

    private Class<?> type(String internalName) throws ClassNotFoundException {
        return Class.forName(internalName.replace('/', '.'), false, classes);
    }

    private static List<Class<?>> withSupertypes(Class<?> type) {
        List<Class<?>> all = new ArrayList<>(List.of(type));
        if (type.getSuperclass() != null) {
            all.addAll(withSupertypes(type.getSuperclass()));
        }
        for (Class<?> each : type.getInterfaces()) {
            all.addAll(withSupertypes(each));
        }
        if (type.isInterface()) {
            all.add(Object.class);
        }
        return all;
    }
}
