/** How quick the parts are: JMH benchmarks, each beside what it replaces, in one run on one machine. */
@NullMarked
package io.scorecast.loadtest;

import org.jspecify.annotations.NullMarked;
