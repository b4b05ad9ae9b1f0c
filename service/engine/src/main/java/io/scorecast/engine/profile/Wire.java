package io.scorecast.engine.profile;

/** Tags and numbers of profile.proto. */
final class Wire {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    /** Fields of Profile, as whole tags. */
    static final int HEADER = 1 << 3 | BYTES;

    static final int EVENT = 2 << 3 | BYTES;

    static final int CARRY_OVER = 3 << 3 | BYTES;

    /** Fields of Header. */
    static final int EPOCH = 1 << 3 | FIXED64;

    static final int ERASED_AT = 2 << 3 | FIXED64;

    /** Fields of Event. */
    static final int ID = 1 << 3 | BYTES;

    static final int UUID = 2 << 3 | BYTES;
    static final int TYPE = 3 << 3 | VARINT;
    static final int TYPE_NAME = 4 << 3 | BYTES;
    static final int TIME = 5 << 3 | VARINT;
    static final int ARRIVAL_DELTA = 6 << 3 | VARINT;
    static final int ORDER = 7 << 3 | BYTES;
    static final int SESSION = 8 << 3 | BYTES;
    static final int PRODUCT = 9 << 3 | BYTES;
    static final int CATEGORY = 10 << 3 | BYTES;
    static final int CENTS = 11 << 3 | VARINT;
    static final int VALUE = 12 << 3 | FIXED64;
    static final int QUANTITY = 13 << 3 | VARINT;
    static final int EXACT_QUANTITY = 14 << 3 | FIXED64;
    static final int ATTRIBUTE = 15 << 3 | BYTES;
    static final int SOURCE = 16 << 3 | BYTES;

    /** Fields of Attribute. */
    static final int PATH = 1 << 3 | BYTES;

    static final int TEXT = 2 << 3 | BYTES;
    static final int WHOLE = 3 << 3 | VARINT;
    static final int DECIMAL = 4 << 3 | FIXED64;
    static final int FLAG = 5 << 3 | VARINT;
    static final int DELETED = 6 << 3 | VARINT;
    static final int JSON = 7 << 3 | BYTES;

    private Wire() {}
}
