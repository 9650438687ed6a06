"""Whether an effort is recorded already: pairs of records that may tell of the same, and what people decide about them."""
