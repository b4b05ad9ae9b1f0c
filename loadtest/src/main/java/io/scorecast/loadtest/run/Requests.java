package io.scorecast.loadtest.run;

import io.netty.buffer.ByteBuf;

/** Gives the requests of a load, one after the other, as they go over the wire. */
interface Requests {

    /**
     * Writes the next one.
     *
     * @param due nanoseconds of its intended time
     * @return the number of its kind; -1 if there is none any more, and nothing was written
     */
    int write(long due, ByteBuf out);

    /** What that kind asks for. */
    Call call(int kind);
}
