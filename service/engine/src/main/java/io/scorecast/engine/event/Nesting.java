package io.scorecast.engine.event;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Turns leaves by dotted path back into nested objects. */
final class Nesting {

    private Nesting() {}

    static AttributeValue.Members nest(Map<String, AttributeValue> leaves) {
        Map<String, Object> root = new LinkedHashMap<>();
        leaves.forEach((path, value) -> put(root, path, value));
        return freeze(root);
    }

    private static void put(Map<String, Object> root, String path, AttributeValue value) {
        Map<String, Object> node = root;
        int start = 0;
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', start)) {
            Object child = node.computeIfAbsent(path.substring(start, dot), name -> new Branch());
            if (!(child instanceof Branch branch)) {
                return; // a value stands where this path needs an object: only in a log that another hand wrote
            }
            node = branch.children;
            start = dot + 1;
        }
        node.put(path.substring(start), value);
    }

    private static AttributeValue.Members freeze(Map<String, Object> node) {
        Map<String, AttributeValue> members = new LinkedHashMap<>();
        node.forEach((name, child) -> {
            if (child instanceof Branch branch) {
                members.put(name, freeze(branch.children));
            } else if (child instanceof AttributeValue value) {
                members.put(name, value);
            }
        });
        return new AttributeValue.Members(members);
    }

    private static final class Branch {
        final Map<String, Object> children = new LinkedHashMap<>();
    }

    /** Whether a leaf's path has another leaf above it. */
    static boolean hasConflict(Map<String, AttributeValue> leaves, StringBuilder culprit) {
        TreeMap<String, AttributeValue> sorted = new TreeMap<>(leaves);
        for (String path : sorted.keySet()) {
            for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
                if (leaves.containsKey(path.substring(0, dot))) {
                    culprit.append(path, 0, dot);
                    return true;
                }
            }
        }
        return false;
    }
}
