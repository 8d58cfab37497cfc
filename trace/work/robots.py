"""Link previews, crawlers and scripts, by the name they give themselves. They are shown the page and counted apart.

Sources: the agents' own documentation; a name at the wrong place hurts nobody, for the page is the same for all.
"""

import re
from functools import lru_cache
from typing import Final

_PREVIEWS: Final = (
    "compatible; ?zalo", "compatible; ?viber", "zalobot", "facebookexternalhit", "facebookcatalog", "facebot",
    "meta-externalagent", "whatsapp/2", "telegrambot", "twitterbot", "skypeuripreview", "pinterest/0", "line-poker",
    "kakaotalk-scrap", "iframely", "embedly", "vkshare", "microsoftpreview", "google-pagerenderer",
    "chrome-lighthouse", "bitrix link preview", "link ?preview",
)  # fmt: skip
"""In-app browsers of the same companies also bear their names, but after a browser's own: they are people."""
_CRAWLERS: Final = (
    "bot[^a-z]", "bot$", "crawl", "spider", "slurp", "scrap", "archiver", "mediapartners-google", "sogou web",
    "feedfetcher", "uptime", "pingdom", "statuscake", "(facebook|google|bing|apple)other",
)  # fmt: skip
_SCRIPTS: Final = (
    "headlesschrome", "phantomjs", "puppeteer", "playwright", "selenium", "scrapy", "python", "httpx", "go-http",
    "libwww", "guzzle", "axios", "node-fetch", "jsdom",
)  # fmt: skip
_KNOWN: Final = re.compile("|".join((*_PREVIEWS, *_CRAWLERS, *_SCRIPTS)), re.IGNORECASE)
SHORTEST_BROWSER: Final = 20
"""No browser introduces itself in fewer signs."""


@lru_cache(maxsize=4096)
def is_robot(agent: str) -> bool:
    """Whether a User-Agent header belongs to no person's browser; an empty one does not."""
    return len(agent) < SHORTEST_BROWSER or not agent.startswith("Mozilla/") or bool(_KNOWN.search(agent))
