"""Quantities: numbers with unit, bound, change and what they are about.

Two stages. The lexical one (`find_quantities`) reads the text alone, in linear time, without any language
model: lexer → numerals → grammar (units, money, rates, ratios) → context (bounds, movement, ranges) →
currency. The component then refines its result by the parse where the document has one.

What the layer says beyond the claims table's columns:

- "from 20 mpg in 2008 to 29 mpg in 2020" is one mention with both ends, as the published benchmarks have
  it; its `parts` are the two values, which is what the claims table has rows for. Three ends or more
  ("from 59 in 2010, to 1,948 in 2011, and to 4,168") are mentions of their own.
- `change` is narrow: the value is itself the amount of a movement that a verb states ("fell 3 %"). `direction`
  is wide: also a level reached ("rose to 9.7 %") and an amount that a noun states ("a 3 % drop").
- Subunits of money ("19 cents") and fractions ("a third") keep the written number; `factor` and
  `table_unit` say what the table writes instead (0.19 USD, 33.3 %).
"""

from claimtable.nlp.quantities.component import Quantities, make_quantities
from claimtable.nlp.quantities.find import find_quantities

__all__ = ["Quantities", "find_quantities", "make_quantities"]
