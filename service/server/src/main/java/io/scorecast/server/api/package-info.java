/** REST: controllers, problem JSON, nothing else. */
@NullMarked
package io.scorecast.server.api;

import org.jspecify.annotations.NullMarked;
