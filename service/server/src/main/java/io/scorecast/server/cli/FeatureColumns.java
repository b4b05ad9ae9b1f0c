package io.scorecast.server.cli;

import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.FeatureType;
import io.scorecast.engine.pair.PairSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table of features behind {@code customer_id} and {@code at}: the features in the order of their
 * definition, a vector as {@code name_0}, {@code name_1}…; texts too, though no model reads them. In a table of pairs
 * {@code list} and {@code item} come first, then the features of the pair, then those of the customer.
 */
record FeatureColumns(List<Column> columns, int numbers, int texts) {

    /** Columns that every table begins with. */
    private static final List<String> RESERVED = List.of("customer_id", "at");

    /**
     * @param position among the numbers of a row, or among its texts
     */
    record Column(String name, boolean isText, int position) {}

    /** @param pairs null for a table of customers */
    static FeatureColumns of(FeatureSet set, @Nullable PairSet pairs) {
        List<Column> columns = new ArrayList<>();
        List<String> numberNames = new ArrayList<>();
        int texts = 0;
        if (pairs != null) {
            for (String name : PairSet.RESERVED) {
                columns.add(new Column(name, true, texts++));
            }
            for (String name : pairs.names()) {
                columns.add(new Column(name, false, numberNames.size()));
                numberNames.add(name);
            }
        }
        int numbers = numberNames.size();
        numberNames.addAll(set.columns());
        for (int feature = 0; feature < set.size(); feature++) {
            if (set.type(feature) == FeatureType.TEXT) {
                columns.add(new Column(set.names().get(feature), true, texts++));
            }
            for (int i = 0; i < set.width(feature); i++) {
                columns.add(new Column(numberNames.get(numbers), false, numbers++));
            }
        }
        for (Column column : columns) {
            if (RESERVED.contains(column.name())) {
                throw new CommandFailure("a feature cannot be named '" + column.name() + "': the table's columns "
                        + String.join(" and ", RESERVED) + " say whose the row is, and of when");
            }
        }
        return new FeatureColumns(columns, numbers, texts);
    }
}
