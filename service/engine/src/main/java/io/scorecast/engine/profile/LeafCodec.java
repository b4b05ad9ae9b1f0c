package io.scorecast.engine.profile;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.ByteString;
import io.scorecast.engine.event.AttributeValue;
import io.scorecast.engine.event.EventAttributes;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.profile.wire.Attribute;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Attributes of an event as messages of the log. */
final class LeafCodec {

    private LeafCodec() {}

    static Attribute encode(String path, AttributeValue value) {
        Attribute.Builder leaf = Attribute.newBuilder().setPath(path);
        switch (value) {
            case AttributeValue.Text text -> leaf.setText(text.value());
            case AttributeValue.Whole whole -> leaf.setWhole(whole.value());
            case AttributeValue.Decimal decimal -> leaf.setDecimal(decimal.value());
            case AttributeValue.Flag flag -> leaf.setFlag(flag.value());
            case AttributeValue.Null deleted -> leaf.setDeleted(true);
            case AttributeValue.Big big -> leaf.setJson(json(big));
            case AttributeValue.Items items -> leaf.setJson(json(items));
            case AttributeValue.Members members -> leaf.setJson(json(members));
        }
        return leaf.build();
    }

    private static ByteString json(AttributeValue value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = EventJson.FACTORY.createGenerator(bytes)) {
            EventJson.write(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return ByteString.copyFrom(bytes.toByteArray());
    }

    static EventAttributes decode(List<Attribute> leaves) {
        Map<String, AttributeValue> values = new LinkedHashMap<>();
        for (Attribute leaf : leaves) {
            switch (leaf.getValueCase()) {
                case TEXT -> values.put(leaf.getPath(), new AttributeValue.Text(leaf.getText()));
                case WHOLE -> values.put(leaf.getPath(), new AttributeValue.Whole(leaf.getWhole()));
                case DECIMAL -> values.put(leaf.getPath(), new AttributeValue.Decimal(leaf.getDecimal()));
                case FLAG -> values.put(leaf.getPath(), new AttributeValue.Flag(leaf.getFlag()));
                case DELETED -> values.put(leaf.getPath(), AttributeValue.NULL);
                case JSON -> values.put(leaf.getPath(), parse(leaf.getJson().toByteArray()));
                case VALUE_NOT_SET -> {} // a kind of value that a later version writes
            }
        }
        return EventAttributes.of(values);
    }

    private static AttributeValue parse(byte[] json) {
        try (JsonParser parser = EventJson.FACTORY.createParser(json)) {
            parser.nextToken();
            return EventJson.readValue(parser);
        } catch (IOException e) {
            throw new io.scorecast.engine.event.InvalidEventException("attributes", "attributes hold broken JSON");
        }
    }
}
