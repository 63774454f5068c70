"""Fits the relevance calibration on sets that may ship, and compares it on off-topic pairs.

    python -m workers.scorers.training.relevance_study DATA [--limit N]

DATA holds wiki_context_cat.csv.gz and fox_news.csv.gz (fitted on, with the comments we wrote
ourselves) and offtopic_pairs.jsonl.gz (only measured on; nothing fitted on it is written anywhere).
Prints JSON.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from service.domain.passage import split_passages
from workers.scorers.comment_text import count_words, own_words, says_enough
from workers.scorers.encoder import Encoder
from workers.scorers.relevance import FOLDER
from workers.scorers.relevance_calibration import load_calibration
from workers.scorers.training.written import Article, read_written

LEADS_FILE = Path(__file__).with_name("relevance_leads.txt")
WIKI_PAIRS = 3_000
NEAREST_PARENTS = 30  # a hard negative is one of so many most similar parents
FOX_WEIGHT = 0.5  # of the wiki pairs' total weight: fewer articles, but news
NEAREST_ARTICLES = 5  # the same among the articles we wrote ourselves
FALSE_ALARMS = 0.05
SEED = 1
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Comments with their best and mean cosine to an article, their words, and the truth."""

    best: Array
    mean: Array
    words: Array
    related: Array
    weight: Array

    def design(self, mean_share: float) -> Array:
        """Columns of the regression, in the order of the calibration's weights."""
        blend = (1 - mean_share) * self.best + mean_share * self.mean
        length = np.log1p(self.words)
        return np.stack([blend, length, blend * length], axis=1)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Rows of a gzipped CSV file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def wiki_pairs(rows: Sequence[Mapping[str, str]], encoder: Encoder) -> Pairs:
    """Replies on Wikipedia talk pages: with their parent, a random one, and a similar one."""
    rng = np.random.default_rng(SEED)
    usable = [r for r in rows if r["parent"] and says_enough(r["text"])]
    usable = [usable[i] for i in rng.permutation(len(usable))[:WIKI_PAIRS]]
    replies = encoder.embed([r["text"] for r in usable])
    parents = encoder.embed([r["parent"] for r in usable])
    alike = parents @ parents.T
    np.fill_diagonal(alike, -1)
    near = np.argpartition(-alike, NEAREST_PARENTS, axis=1)[:, :NEAREST_PARENTS]
    each = np.arange(len(usable))
    other = (each + rng.integers(1, len(usable), len(usable))) % len(usable)
    similar = near[each, rng.integers(NEAREST_PARENTS, size=len(usable))]
    cosine = np.concatenate([(replies * parents[to]).sum(1) for to in (each, other, similar)])
    words = np.tile([count_words(r["text"]) for r in usable], 3)
    return Pairs(cosine, cosine, words, np.repeat([1, 0, 0], len(usable)), np.ones(len(words)))


def fox_pairs(rows: Sequence[Mapping[str, str]], encoder: Encoder, total: float) -> Pairs:
    """Comments under news articles: with their own headline and description, and two others."""
    rng = np.random.default_rng(SEED)
    usable = [r for r in rows if says_enough(r["text"])]
    articles = sorted({(r["article_title"], r["article_description"]) for r in usable})
    index = {article: i for i, article in enumerate(articles)}
    own = np.array([index[r["article_title"], r["article_description"]] for r in usable])
    comments = encoder.embed([r["text"] for r in usable])
    sides = np.stack([comments @ encoder.embed(side).T for side in zip(*articles, strict=True)])
    shift = rng.integers(1, len(articles), (2, len(usable)))
    to = np.concatenate([own, *((own + shift) % len(articles))])
    found = sides[:, np.tile(np.arange(len(usable)), 3), to]
    words = np.tile([count_words(r["text"]) for r in usable], 3)
    weight = np.full(len(words), FOX_WEIGHT * total / len(words))
    related = np.repeat([1, 0, 0], len(usable))
    return Pairs(found.max(0), found.mean(0), words, related, weight)


def written_pairs(articles: Sequence[Article], encoder: Encoder, total: float) -> Pairs:
    """Comments under invented articles: with their own, a random one, and a similar one."""
    rng = np.random.default_rng(SEED)
    sides = [encoder.embed([a.title, *split_passages("\n\n".join(a.paragraphs))]) for a in articles]
    means = np.stack([side.mean(0) for side in sides])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    alike = means @ means.T
    np.fill_diagonal(alike, -1)
    near = np.argsort(-alike, axis=1)[:, :NEAREST_ARTICLES]
    told = [
        (own, remark.text)
        for own, article in enumerate(articles)
        for remark in article.remarks
        if "stray" not in remark.tags and says_enough(remark.text)
    ]
    comments = encoder.embed([text for _, text in told])
    found, words = [], []
    for (own, text), comment in zip(told, comments, strict=True):
        other = (own + rng.integers(1, len(articles))) % len(articles)
        cosines = [sides[to] @ comment for to in (own, other, rng.choice(near[own]))]
        found += [(c.max(), c.mean(), to == 0) for to, c in enumerate(cosines)]
        words += [count_words(text)] * len(cosines)
    best, mean, related = np.array(found).T
    weight = np.full(len(words), total / len(words))
    return Pairs(best, mean, np.array(words), related.astype(int), weight)


def fit(parts: Sequence[Pairs], mean_share: float) -> dict[str, float]:
    """The regression's weights under the names that the calibration file gives them."""
    design = np.concatenate([part.design(mean_share) for part in parts])
    scale = design.std(axis=0)
    model = LogisticRegression(C=1e3, max_iter=500).fit(
        design / scale,
        np.concatenate([part.related for part in parts]),
        sample_weight=np.concatenate([part.weight for part in parts]),
    )
    names = ("similarity", "log_words", "similarity_by_log_words")
    weights = dict(zip(names, model.coef_[0] / scale, strict=True))
    return {"intercept": round(float(model.intercept_[0]), 3)} | {
        name: round(float(value), 3) for name, value in weights.items()
    }


def measure(
    rows: Sequence[Mapping[str, Any]], encoder: Encoder, leads: Array
) -> dict[str, dict[str, float]]:
    """AUC and share caught of each method on labelled pairs; short comments are left out."""
    told = [row for row in rows if says_enough(own_words(row["comment_text"]))]
    texts = {row["comment_id"]: own_words(row["comment_text"]) for row in told}
    comments = dict(zip(texts, encoder.embed(list(texts.values())), strict=True))
    articles = _article_vectors(told, encoder)
    cosines = [articles[row["article_id"]] @ comments[row["comment_id"]] for row in told]
    best, mean = (np.array([f(c) for c in cosines]) for f in (np.max, np.mean))
    title = np.array([c[0] for c in cosines])
    words = np.array([count_words(texts[row["comment_id"]]) for row in told])
    weights = load_calibration(FOLDER)
    to_leads = np.stack([leads @ comments[row["comment_id"]] for row in told])
    methods = {
        "title": title,
        "best of title and passages": best,
        "mean of title and passages": mean,
        "best, standardised by invented leads": (best - to_leads.mean(1)) / to_leads.std(1),
        "shipped": np.array(
            [weights.probability(float(b), float(m), int(n))
             for b, m, n in zip(best, mean, words, strict=True)]
        ),
    }  # fmt: skip
    return {name: _figures(score, told) for name, score in methods.items()}


def _article_vectors(rows: Iterable[Mapping[str, Any]], encoder: Encoder) -> dict[str, Array]:
    bodies = {row["article_id"]: (row["article_title"], row["article_text"]) for row in rows}
    return {
        key: encoder.embed([title, *split_passages(body or "")])
        for key, (title, body) in bodies.items()
    }


def _figures(score: Array, rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    related = np.array([row["label_on_topic"] for row in rows]) == 1
    kind = np.array([row["negative_type"] for row in rows])
    blog = np.array([row["source"] == "haacked" for row in rows])
    length = np.array([len(row["comment_text"]) for row in rows])
    hard = related | (kind == "hard")
    groups = {
        "random": related | (kind == "random"),
        "hard": hard,
        "full-text blog, hard": hard & blog,
        "60-150 characters": (length >= 60) & (length <= 150),
    }
    auc: Callable[[Array], float] = lambda m: float(roc_auc_score(related[m], score[m]))  # noqa: E731
    found = {name: round(auc(m), 3) for name, m in groups.items() if len(set(related[m])) > 1}
    limit = np.quantile(score[related], FALSE_ALARMS)
    return found | {"caught at 5 % false alarms": round(float((score[~related] < limit).mean()), 3)}


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--limit", type=click.IntRange(1), help="Measure on so many pairs, drawn at random.")
def main(data: Path, limit: int | None) -> None:
    """Fit on the sets that may ship, measure on the pairs, print both."""
    encoder = Encoder(FOLDER.parent / "compact", threads=2)
    wiki = wiki_pairs(read_csv(data / "wiki_context_cat.csv.gz"), encoder)
    fox = fox_pairs(read_csv(data / "fox_news.csv.gz"), encoder, wiki.weight.sum())
    written = written_pairs(read_written(), encoder, wiki.weight.sum())
    weights = fit([wiki, fox, written], load_calibration(FOLDER).mean_share)
    with gzip.open(data / "offtopic_pairs.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    if limit is not None and limit < len(rows):
        chosen = np.random.default_rng(SEED).choice(len(rows), limit, replace=False)
        rows = [rows[i] for i in chosen]
    leads = encoder.embed(LEADS_FILE.read_text(encoding="utf-8").splitlines())
    click.echo(json.dumps({"weights": weights, "pairs": measure(rows, encoder, leads)}, indent=2))


if __name__ == "__main__":
    main()
