/** XGBoost4J: a second opinion when a model is loaded, and the engine for boosters that the forest does not cover. */
@NullMarked
package io.scorecast.engine.model.xgboost;

import org.jspecify.annotations.NullMarked;
