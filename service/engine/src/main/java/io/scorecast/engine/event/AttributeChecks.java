package io.scorecast.engine.event;

import java.util.Map;

/** Flattens nested attributes into leaves and holds them to the bounds of {@link EventAttributes}. */
final class AttributeChecks {

    private int bytes;

    void flatten(String path, AttributeValue value, Map<String, AttributeValue> leaves, int depth) {
        checkDepth(path, depth);
        if (value instanceof AttributeValue.Members object && !object.members().isEmpty()) {
            object.members().forEach((name, member) -> {
                checkName(path, name);
                flatten(path + '.' + name, member, leaves, depth + 1);
            });
            return;
        }
        checkName("", path);
        measure(path, value, depth);
        if (leaves.put(path, value) != null) {
            throw new InvalidEventException("attributes." + path, "attributes." + path + " is given twice");
        }
    }

    void refuseConflicts(Map<String, AttributeValue> leaves) {
        StringBuilder culprit = new StringBuilder("attributes.");
        if (Nesting.hasConflict(leaves, culprit)) {
            throw new InvalidEventException(culprit.toString(), culprit + " is both a value and an object");
        }
    }

    private static void checkDepth(String path, int depth) {
        if (depth > EventAttributes.MAX_DEPTH) {
            throw new InvalidEventException(
                    "attributes",
                    "attributes are nested deeper than " + EventAttributes.MAX_DEPTH + " at " + Texts.quote(path));
        }
    }

    private static void checkName(String parent, String name) {
        if (name.isEmpty() || name.startsWith(".") || name.endsWith(".") || name.contains("..")) {
            String where = parent.isEmpty() ? "attributes" : "attributes." + parent;
            throw new InvalidEventException(where, where + " has an empty name in " + Texts.quote(name));
        }
    }

    private void measure(String path, AttributeValue value, int depth) {
        Texts.check("attributes." + path, path, EventAttributes.MAX_PATH_BYTES, true);
        add(path, Texts.utf8Length(path));
        measureValue(path, value, depth);
    }

    private void measureValue(String path, AttributeValue value, int depth) {
        checkDepth(path, depth);
        switch (value) {
            case AttributeValue.Text text -> {
                int length = Texts.utf8Length(text.value());
                if (length < 0) {
                    throw new InvalidEventException(
                            "attributes." + path, "attributes." + path + " has half a surrogate pair");
                }
                add(path, length);
            }
            case AttributeValue.Decimal number -> {
                if (!Double.isFinite(number.value())) {
                    throw new InvalidEventException(
                            "attributes." + path, "attributes." + path + " is not a finite number");
                }
                add(path, Double.BYTES);
            }
            case AttributeValue.Big number -> {
                if (number.value().bitLength() > EventAttributes.MAX_DIGITS * 3) {
                    throw new InvalidEventException(
                            "attributes." + path, "attributes." + path + " has too many digits");
                }
                add(path, number.value().bitLength() / 3);
            }
            case AttributeValue.Whole number -> add(path, Long.BYTES);
            case AttributeValue.Flag flag -> add(path, 1);
            case AttributeValue.Null nothing -> add(path, 1);
            case AttributeValue.Items list -> {
                add(path, 1);
                list.items().forEach(item -> measureValue(path, item, depth + 1));
            }
            case AttributeValue.Members object -> {
                add(path, 1);
                object.members().forEach((name, member) -> {
                    Texts.check("attributes." + path, name, EventAttributes.MAX_PATH_BYTES, true);
                    add(path, Texts.utf8Length(name));
                    measureValue(path, member, depth + 1);
                });
            }
        }
    }

    private void add(String path, int count) {
        bytes += count + 2;
        if (bytes > EventAttributes.MAX_BYTES) {
            throw new InvalidEventException(
                    "attributes",
                    "attributes hold more than " + EventAttributes.MAX_BYTES + " bytes, at " + Texts.quote(path));
        }
    }
}
