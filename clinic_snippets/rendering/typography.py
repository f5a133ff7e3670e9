"""Typographic quotes and dashes for record text, by the same rules that docutils applies to pages."""

from __future__ import annotations

from collections.abc import Iterator

from docutils.utils import normalize_language_tag, smartquotes

from clinic_snippets.records.text import Added, Anchor, Emphasis, Inline, Removed, Strong, WebLink, Words


class Typography:
    """Turns straight quotes into typographic ones; ``language`` empty means to leave text alone."""

    def __init__(self, language: str = "", action: str = "qDe") -> None:
        known = smartquotes.smartchars.quotes
        # From "en_GB" to "en", as docutils looks it up for pages.
        self.language = next((tag for tag in normalize_language_tag(language) if tag in known), "")
        self.active = bool(self.language)
        self.action = action

    def text(self, words: str) -> str:
        """Return plain words with typographic quotes."""
        return "".join(self._educated([("plain", words)]))

    def inline(self, children: tuple[Inline, ...]) -> tuple[Inline, ...]:
        """Return a paragraph's pieces with typographic quotes; it is one run of text, so quotes may span pieces."""
        if not self.active or (
            len(children) == 1 and type(piece := children[0]) is Words and not _may_change(piece.text)
        ):
            return children
        tokens: list[tuple[str, str]] = []
        _collect(children, tokens)
        return _replace(children, iter(self._educated(tokens)))

    def _educated(self, tokens: list[tuple[str, str]]) -> list[str]:
        texts = [text for _, text in tokens]
        if not self.active or not any(map(_may_change, texts)):
            return texts
        return list(smartquotes.educate_tokens(tokens, self.action, self.language))


def _may_change(text: str) -> bool:
    """Say whether a text has anything that docutils looks for; most have full stops and hyphens alone."""
    return (
        '"' in text or "'" in text or "..." in text or "--" in text or ". . ." in text
        or "`" in text or "\\" in text or "&" in text
    )  # fmt: skip


def _collect(children: tuple[Inline, ...], tokens: list[tuple[str, str]]) -> None:
    for piece in children:
        if isinstance(piece, Words):
            tokens.append(("plain", piece.text))
        elif isinstance(piece, Strong | Emphasis | Removed | Added | WebLink):
            _collect(piece.children, tokens)
        else:
            # Stays as it is, but tells on which side of a word the next quotation mark stands.
            tokens.append(("literal", "" if isinstance(piece, Anchor) else getattr(piece, "text", "word")))


def _replace(children: tuple[Inline, ...], texts: Iterator[str]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for piece in children:
        if isinstance(piece, Words):
            out.append(Words(next(texts)))
        elif isinstance(piece, Strong | Emphasis | Removed | Added):
            out.append(type(piece)(_replace(piece.children, texts)))
        elif isinstance(piece, WebLink):
            out.append(WebLink(piece.url, _replace(piece.children, texts)))
        else:
            next(texts)
            out.append(piece)
    return tuple(out)
