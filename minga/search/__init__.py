"""Finding records by what they say, in whatever language: wordings, passages and their vectors, and how they are asked."""
