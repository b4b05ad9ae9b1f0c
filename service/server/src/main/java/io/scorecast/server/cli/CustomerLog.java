package io.scorecast.server.cli;

import io.scorecast.engine.event.CustomerId;

/**
 * A customer's profile log as event files tell it: the very bytes that Redis would hold, in the order of delivery.
 *
 * @param bytes whole
 */
record CustomerLog(CustomerId customer, byte[] bytes) {}
