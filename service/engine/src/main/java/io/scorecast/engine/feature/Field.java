package io.scorecast.engine.feature;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.YamlNode;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.Truth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A field of an event, as {@code field:} names it.
 *
 * @param path of an attribute, empty for the others
 */
record Field(Name name, String path) {

    static final Field VALUE = new Field(Name.VALUE, "");

    private static final String ATTRIBUTES = "attributes.";

    enum Name {
        VALUE,
        QUANTITY,
        PRODUCT_ID,
        CATEGORY,
        ORDER_ID,
        SESSION_ID,
        SOURCE,
        TYPE,
        ATTRIBUTE
    }

    /** What a definition may ask of a field. */
    enum Use {
        NUMBER,
        TEXT,
        ANY,
        VOCABULARY;

        private List<String> names() {
            return switch (this) {
                case NUMBER -> List.of("value", "quantity");
                case TEXT -> List.of("product_id", "category", "order_id", "session_id", "source", "type");
                case ANY ->
                    List.of("product_id", "category", "order_id", "session_id", "source", "type", "value", "quantity");
                case VOCABULARY -> List.of("product_id", "category");
            };
        }
    }

    static Field of(String name) {
        if (name.startsWith(ATTRIBUTES)) {
            return new Field(Name.ATTRIBUTE, name.substring(ATTRIBUTES.length()));
        }
        return new Field(Name.valueOf(name.toUpperCase(Locale.ROOT)), "");
    }

    /** Reads a name; null, with a problem, if it is none that this use knows. */
    static @Nullable Field read(YamlNode node, Use use) {
        String name = node.text();
        if (name.isEmpty()) {
            return null;
        }
        boolean attribute = name.startsWith(ATTRIBUTES) && name.length() > ATTRIBUTES.length();
        if ((attribute && use != Use.VOCABULARY) || use.names().contains(name)) {
            return of(name);
        }
        List<String> known = new ArrayList<>(use.names());
        if (use != Use.VOCABULARY) {
            known.add("attributes.…");
        }
        boolean other = Arrays.stream(Name.values())
                .anyMatch(n ->
                        n != Name.ATTRIBUTE && n.name().toLowerCase(Locale.ROOT).equals(name));
        node.problem(
                other
                        ? "the field '" + name + "' cannot be used here; expected one of " + known
                        : Nearest.message("field", name, known));
        return null;
    }

    /** The number that an event has here; NaN if it has none. */
    double number(Profile profile, int event) {
        return switch (name) {
            case VALUE -> profile.value(event);
            case QUANTITY -> profile.quantity(event);
            case ATTRIBUTE -> profile.attributesOf(event).number(path);
            default -> Double.NaN;
        };
    }

    /** Whether {@link #symbol} answers for this field. */
    boolean isSymbol() {
        return switch (name) {
            case PRODUCT_ID, CATEGORY, ORDER_ID, SESSION_ID, SOURCE -> true;
            default -> false;
        };
    }

    /** The symbol of the event's string; {@link Profile#NONE} if it has none. */
    int symbol(Profile profile, int event) {
        return switch (name) {
            case PRODUCT_ID -> profile.product(event);
            case CATEGORY -> profile.category(event);
            case ORDER_ID -> profile.order(event);
            case SESSION_ID -> profile.session(event);
            case SOURCE -> profile.source(event);
            default -> Profile.NONE;
        };
    }

    /** The event's text; null if it has none. */
    @Nullable
    String text(Profile profile, int event) {
        if (name == Name.TYPE) {
            return Types.nameOf(profile, event);
        }
        if (name == Name.ATTRIBUTE) {
            return profile.attributesOf(event).text(path);
        }
        int symbol = symbol(profile, event);
        return symbol == Profile.NONE ? null : profile.text(symbol);
    }

    /** The event's boolean attribute. */
    Truth truth(Profile profile, int event) {
        return name == Name.ATTRIBUTE ? profile.attributesOf(event).truth(path) : Truth.MISSING;
    }
}
