package io.scorecast.server.cli;

import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.FeatureType;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns of a table of features behind {@code customer_id} and {@code at}: the features in the order of their
 * definition, a vector as {@code name_0}, {@code name_1}…; texts too, though no model reads them.
 */
record FeatureColumns(List<Column> columns, int numbers, int texts) {

    /**
     * @param position among the numbers of a row, or among its texts
     */
    record Column(String name, boolean isText, int position) {}

    static FeatureColumns of(FeatureSet set) {
        List<Column> columns = new ArrayList<>();
        List<String> numberNames = set.columns();
        int numbers = 0;
        int texts = 0;
        for (int feature = 0; feature < set.size(); feature++) {
            if (set.type(feature) == FeatureType.TEXT) {
                columns.add(new Column(set.names().get(feature), true, texts++));
            }
            for (int i = 0; i < set.width(feature); i++) {
                columns.add(new Column(numberNames.get(numbers), false, numbers++));
            }
        }
        return new FeatureColumns(columns, numbers, texts);
    }
}
