"""The demo site: a small paper of our own, with an article to try comments on."""

from __future__ import annotations

import hashlib
import hmac

from service.models import Site
from service.usecases.context import Context
from service.usecases.create_site import create_site
from service.usecases.register_article import ArticleFields, register_article

DEMO_SITE = "demo"
DEMO_ARTICLE = "harbour-bridge"
DEMO_TITLE = "Harbour bridge to close for eleven weeks while its deck is replaced"
DEMO_BODY = """\
The harbour bridge in Port Carrick will close to all traffic on the second Monday in January, and \
it is not expected to open again before the end of March, the county council said on Thursday.

Engineers found last summer that the steel under the road deck had lost up to a third of its \
thickness to salt. A weight limit of three and a half tonnes has kept lorries and buses off the \
bridge since August, and school buses have been going round by Mill Road, which adds about twenty \
minutes to the journey from the east side.

The council looked at closing one lane at a time. That would have kept the bridge half open for \
seven months and cost two million euro more, its roads engineer, Maeve Tierney, told the monthly \
meeting. Councillors voted eighteen to five for the shorter, full closure.

A foot ferry will run every fifteen minutes between the fish market and the east pier, from six in \
the morning until ten at night. It will carry bicycles and be free of charge. Ambulances will be \
stationed on both sides of the harbour for as long as the works last.

Shopkeepers on Quay Street say they fear for the winter. "Half of my customers come over that \
bridge," said Denis Ahern, who has run the hardware shop since 1994. The council has offered to \
waive commercial rates for the three months, but the traders' association has asked for a fund \
that would pay part of the losses.

The new deck will be wider by a metre and a half, which leaves room for a cycle lane on the north \
side. Residents can see the plans in the library until the fifteenth of December and send their \
comments to the council.
"""


def demo_secret(secret_key: str) -> str:
    """The demo site's sign-in secret: made from the installation's own."""
    return hmac.new(secret_key.encode(), b"parley demo sign-in", hashlib.sha256).hexdigest()


def seed_demo(ctx: Context, *, secret_key: str) -> Site:
    """Make the demo site and its article; a second time changes nothing."""
    site = create_site(
        ctx,
        key=DEMO_SITE,
        name="The Carrick Courier",
        guests_allowed=True,
        sso_secret=demo_secret(secret_key),
    )
    register_article(
        ctx,
        site_id=site.id,
        key=DEMO_ARTICLE,
        fields=ArticleFields(
            title=DEMO_TITLE, body=DEMO_BODY, section="local", tags=["roads", "council"]
        ),
    )
    return site
