/** What a customer did, or what was learned about them: events, their ids and how they are read from JSON. */
@NullMarked
package io.scorecast.engine.event;

import org.jspecify.annotations.NullMarked;
