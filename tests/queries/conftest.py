"""What the tests of reports and exports share."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.domain.period import Period
from service.models import Site
from service.usecases.context import Context
from tests.makers import Makers
from tests.queries.busy_site import fill

COMMENTS, OTHERS = 15, 5


@pytest.fixture
def period(ctx: Context) -> Period:
    today = ctx.clock().date()
    return Period(today, today + timedelta(days=3))


@pytest.fixture
def busy(ctx: Context, make: Makers, site: Site) -> Site:
    """A site where much happened; another site has its own share."""
    fill(ctx, make, site, COMMENTS)
    fill(ctx, make, make.site("other"), OTHERS)
    return site
