package io.scorecast.engine.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that an expression may use, each with a type and a slot by which {@link Variables} is asked. An open name
 * ({@code attributes}) takes any path below it ({@code attributes.loyalty.tier}); each path gets a slot when an expression
 * first names it, and is asked for by the type that its use implies. Not for use by several threads.
 */
public final class Scope {

    /** What a variable holds. */
    enum Type {
        NUMBER,
        TEXT,
        TRUTH,
        LIST
    }

    /** A variable; with the words that it can hold, where they are known. */
    record Variable(Type type, int slot, @Nullable Words words) {}

    /**
     * All that a text, or an element of a list, can be.
     *
     * @param what one of them is called in messages
     */
    record Words(String what, List<String> known) {
        Words {
            known = List.copyOf(known);
        }
    }

    private final Map<String, Variable> variables = new LinkedHashMap<>();
    private final List<String> open = new ArrayList<>();
    private final Map<String, Integer> paths = new LinkedHashMap<>();
    private final Set<String> used = new LinkedHashSet<>();
    private int slots;

    /** Adds a number; returns its slot. */
    public int number(String name) {
        return add(name, Type.NUMBER);
    }

    /** Adds a text; returns its slot. */
    public int text(String name) {
        return add(name, Type.TEXT);
    }

    /** Adds a text that can only be one of some words; a rule that asks for another one is refused. */
    public int text(String name, String what, List<String> words) {
        return add(name, Type.TEXT, new Words(what, words));
    }

    /** Adds a boolean; returns its slot. */
    public int truth(String name) {
        return add(name, Type.TRUTH);
    }

    /** Adds a list of strings; returns its slot. */
    public int list(String name) {
        return add(name, Type.LIST);
    }

    /** Adds a list that can only hold some words; a rule that asks for another one is refused. */
    public int list(String name, String what, List<String> words) {
        return add(name, Type.LIST, new Words(what, words));
    }

    /** Adds a name below which every path is a variable whose type its use implies. */
    public void open(String name) {
        open.add(name);
    }

    /** The paths below open names that expressions named so far, with the open name, and their slots. */
    public Map<String, Integer> paths() {
        return paths;
    }

    /** The names, without those below open ones, that expressions named so far. */
    public Set<String> used() {
        return used;
    }

    /** How many slots there are so far. */
    public int size() {
        return slots;
    }

    /** Every name, in order of addition; open ones end in {@code .…}. */
    List<String> names() {
        List<String> names = new ArrayList<>(variables.keySet());
        for (String name : open) {
            names.add(name + ".…");
        }
        return names;
    }

    @Nullable
    Variable variable(String name) {
        Variable variable = variables.get(name);
        if (variable != null) {
            used.add(name);
        }
        return variable;
    }

    /** The words that the variable of a slot can hold; null if it can hold any. */
    @Nullable
    Words words(int slot) {
        for (Variable variable : variables.values()) {
            if (variable.slot() == slot) {
                return variable.words();
            }
        }
        return null;
    }

    boolean isOpen(String name) {
        return open.contains(name);
    }

    int slotOf(String path) {
        return paths.computeIfAbsent(path, p -> slots++);
    }

    private int add(String name, Type type) {
        return add(name, type, null);
    }

    private int add(String name, Type type, @Nullable Words words) {
        variables.put(name, new Variable(type, slots, words));
        return slots++;
    }
}
