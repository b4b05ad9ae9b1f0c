package io.scorecast.loadtest.run;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Who is asked for, as a path and as JSON have their ids. */
final class Customers {

    private final byte[][] paths;
    private final byte[][] texts;

    Customers(List<String> ids) {
        paths = new byte[ids.size()][];
        texts = new byte[ids.size()][];
        for (int i = 0; i < paths.length; i++) {
            String id = ids.get(i);
            paths[i] = URLEncoder.encode(id, StandardCharsets.UTF_8)
                    .replace("+", "%20")
                    .getBytes(StandardCharsets.UTF_8);
            texts[i] = ('"' + new String(JsonStringEncoder.getInstance().quoteAsString(id)) + '"')
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    int count() {
        return paths.length;
    }

    byte[] path(int customer) {
        return paths[customer];
    }

    /** With its quotes. */
    byte[] json(int customer) {
        return texts[customer];
    }
}
