"""Posts of networks that are pasted into a page: the quotation that the network gives out → a post."""

import re

from selectolax.lexbor import LexborNode

from corpus.articles.draft import Post
from corpus.text import clean

CLASSES = ("twitter-", "instagram-media", "tiktok-embed", "fb-xfbml-parse-ignore", "bluesky-embed")
"""In the class of such a quotation is one of these."""

_HANDLE = re.compile(r"\((@[\w.-]{1,60})\)|/(@[\w.-]{1,60})/")


def is_post(attributes: dict[str, str | None]) -> bool:
    """Whether a quotation of these attributes is a pasted post."""
    name = attributes.get("class") or ""
    return any(part in name for part in CLASSES)


def post_of(node: LexborNode) -> Post:
    """A pasted post: a paragraph, then `name (@handle)`, then a link to it whose text is the date.

    Some networks give the address as an attribute, with the handle in it, and the moment in a `time` element.
    """
    whole = clean.line(node.text(separator=" "))
    attributes = node.attributes
    said = node.css_first("p")
    time = node.css_first("time[datetime]")
    last = next(reversed(node.css("a")), None)
    link = last.attributes.get("href") if last else None
    url = attributes.get("cite") or attributes.get("data-instgrm-permalink") or link
    handles = _HANDLE.findall(f"{whole} {url}")  # the text may name others before
    return Post(
        before=0,  # set when it is known which paragraphs are kept
        text=clean.line(said.text()) if said else whole,
        author="".join(handles[-1]) if handles else "",
        published=(time.attributes["datetime"] or "") if time else clean.line(last.text()) if last else "",
        url=url,
        kind="tweet" if "twitter-" in (attributes.get("class") or "") else "post",
    )
