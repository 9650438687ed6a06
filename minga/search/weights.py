"""How the signals of a search weigh against each other: few numbers, set by `minga evaluate search`."""

from dataclasses import dataclass

STORY = 20  # words from which a query tells a story


@dataclass(frozen=True)
class Weights:
    """Weights of the signals."""

    spread: float = 0.06  # a similarity so far below the best one counts nothing
    lexical: float = 2.0  # of words, in the query's language
    named: float = 0.3  # of names, in any language
    sharpness: float = 4.0  # how much more all of the words say than half of them
    passage: float = 0.2  # share of the best passage beside the whole text

    def score(self, similarity: float | None, best: float, lexical: float, named: float, length: int) -> float:
        """How well a version answers.

        Args:
            similarity: of query and text; None where it is not among the nearest.
            best: the highest similarity that this query has.
            lexical: share of the query's words, weighed by rarity, from 0 to 1.
            named: the same of its names.
            length: of the query in words: a few words are a name or a topic, many are a story, which meaning tells better.
        """
        meaning = 0.0 if similarity is None else max(0.0, 1 - (best - similarity) / self.spread)
        brevity = 1.0 if length <= 8 else 8 / length
        return meaning + brevity * self.lexical * lexical**self.sharpness + self.named * named**self.sharpness

    def with_passage(self, whole: float | None, best: float, length: int) -> float:
        """The similarity of a version whose best passage is known.

        Args:
            whole: of its title and summary.
            best: of its best passage.
            length: of the query in words: a passage answers a story; a few words fit some passage of any record.
        """
        share = self.passage if length > STORY else self.passage / 2
        return best if whole is None else (1 - share) * whole + share * max(whole, best)


WEIGHTS = Weights()
