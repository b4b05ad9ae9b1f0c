package io.scorecast.engine.event;

/**
 * Why an event was not taken.
 *
 * @param index position in the input, from 0
 * @param field the field to blame; empty if it is the whole event
 * @param detail one sentence that names the culprit
 */
public record EventError(int index, String field, String detail) {}
