"""The shop in which made-up customers buy: product types with a usual price and how often they are bought.

The paths are those of the shipped next-product model, so that it has something to say about them.
"""

from typing import NamedTuple


class ProductType(NamedTuple):
    """What a made-up customer may put into the basket."""

    path: str
    price: float
    weight: float


ASSORTMENT = tuple(
    ProductType(*row)
    for row in (
        ("grocery/fluid-milk-products/fluid-milk-white-only", 2.49, 37),
        ("grocery/soft-drinks/soft-drinks-12-18-15pk-can-car", 4.29, 22),
        ("grocery/yogurt/yogurt-not-multi-packs", 0.79, 21),
        ("grocery/soft-drinks/sft-drnk-2-liter-btl-carb-incl", 1.19, 20),
        ("produce/tropical-fruit/bananas", 0.99, 17),
        ("grocery/cheese/shredded-cheese", 2.39, 16),
        ("grocery/baked-bread-buns-rolls/mainstream-white-bread", 1.29, 15),
        ("drug-gm/candy-checklane/candy-bars-singles-including", 0.69, 14),
        ("grocery/bag-snacks/potato-chips", 2.19, 12),
        ("grocery/frzn-meat-meat-dinners/ss-economy-entrees-dinners-all", 1.0, 10),
        ("grocery/beers-ales/beeralemalt-liquors", 8.99, 10),
        ("grocery/cold-cereal/kids-cereal", 2.79, 10),
        ("grocery/soup/condensed-soup", 0.99, 10),
        ("grocery/baked-sweet-goods/snack-cake-multi-pack", 2.49, 9),
        ("grocery/refrgratd-juices-drnks/dairy-case-100-pure-juice-o", 2.89, 9),
        ("grocery/baked-bread-buns-rolls/mainstream-wheat-multigrain-br", 1.99, 8),
        ("grocery/frzn-vegetable-veg-dsh/frzn-bagged-vegetables-plain", 1.49, 8),
        ("grocery/bag-snacks/tortilla-nacho-chips", 2.59, 8),
        ("grocery/bath-tissues/toilet-tissue", 5.49, 8),
        ("grocery/sald-drsng-sndwch-sprd/pourable-salad-dressings", 2.19, 7),
        ("meat/beef/primal", 6.49, 7),
        ("grocery/eggs/eggs-large", 1.39, 7),
        ("grocery/ice-cream-milk-sherbts/premium", 3.99, 7),
        ("grocery/cold-cereal/all-family-cereal", 2.99, 7),
        ("drug-gm/cigarettes/cigarettes", 6.99, 7),
        ("grocery/cheese/iws-single-cheese", 2.49, 7),
        ("grocery/frozen-pizza/snacks-appetizers", 2.99, 7),
        ("grocery/paper-towels/paper-towels-holders", 3.49, 6),
        ("drug-gm/baby-foods/baby-food-beginner", 0.65, 6),
        ("grocery/baked-bread-buns-rolls/hamburger-buns", 1.29, 6),
        ("meat/beef/choice-beef", 7.99, 6),
        ("grocery/meat-shelf-stable/pasta-canned", 0.99, 6),
        ("grocery/pasta-sauce/mainstream", 1.89, 6),
        ("produce/potatoes/potatoes-russet-bulk-bag", 2.99, 6),
        ("grocery/isotonic-drinks/isotonic-drinks-single-serve", 1.0, 5),
        ("grocery/margarines/margarine-tubs-and-bowls", 1.79, 5),
        ("grocery/sugars-sweetners/sugar", 1.99, 5),
        ("meat/beef/lean", 4.99, 5),
        ("grocery/cheese/cream-cheese", 1.29, 5),
        ("grocery/milk-by-products/sour-creams", 1.29, 5),
        ("grocery/dinner-mxs-dry/macaroni-cheese-dnrs", 0.89, 5),
        ("grocery/fluid-milk-products/chocolate-milk", 1.59, 5),
        ("meat/pork/enhanced", 4.99, 5),
        ("grocery/milk-by-products/cottage-cheese", 1.99, 5),
    )
)
