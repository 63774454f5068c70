"""A comment, its author, and two moderators: one decides, another looks at the appeal."""

from __future__ import annotations

import pytest

from service.models import (
    Article,
    Comment,
    Decision,
    Reader,
    Site,
)
from service.usecases.context import Context
from service.usecases.identify_caller import SignedInModerator
from tests.makers import Makers
from tests.usecases.breaches import remove, signed_in
from tests.usecases.hooks import trying


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def author(make: Makers, site: Site) -> Reader:
    return make.reader(site)


@pytest.fixture
def first(make: Makers, site: Site) -> SignedInModerator:
    return signed_in(make, site)


@pytest.fixture
def second(make: Makers, site: Site) -> SignedInModerator:
    return signed_in(make, site)


@pytest.fixture
def comment(make: Makers, article: Article, author: Reader) -> Comment:
    return make.published(article, author)


@pytest.fixture
def removal(ctx: Context, comment: Comment, first: SignedInModerator) -> Decision:
    return remove(ctx, comment, first)


@pytest.fixture
def here(ctx: Context) -> Context:
    """A context that may send to the receiver on this machine."""
    return trying(ctx)
