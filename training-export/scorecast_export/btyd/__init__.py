"""Customer-base models ("buy till you die"): BG/NBD, Pareto/NBD, and Gamma-Gamma for the value of a purchase.

Fitted here by maximum likelihood, served by the engine's runtime ``btyd`` from their parameters. Words mean
what the package lifetimes means by them: `frequency` is x, the number of repeat purchase days; `recency` t_x,
the age at the last of them (0 without one); `T` the age now; `monetary_value` the mean value of the repeat
days. `customer_base` is what `export` takes.
"""
