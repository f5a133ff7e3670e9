"""Typographic quotes and dashes for record text, by the same rules that docutils applies to pages."""

from __future__ import annotations

from docutils.utils import smartquotes

from clinic_snippets.records.text import Code, Emphasis, Inline, ListBlock, Paragraph, Strong, TextBlock, WebLink, Words


class Typography:
    """Turns straight quotes into typographic ones; ``language`` empty means to leave text alone."""

    def __init__(self, language: str = "", action: str = "qDe") -> None:
        self.language = language if language in smartquotes.smartchars.quotes else language.partition("-")[0]
        self.active = bool(language) and self.language in smartquotes.smartchars.quotes
        self.action = action

    def text(self, words: str) -> str:
        """Return plain words with typographic quotes."""
        block = self.block(Paragraph((Words(words),)))
        return block.children[0].text  # type: ignore[union-attr]

    def blocks(self, blocks: tuple[TextBlock, ...]) -> tuple[TextBlock, ...]:
        """Return ``blocks`` with typographic quotes; a paragraph is one run of text, so quotes may span pieces."""
        return tuple(self.block(block) for block in blocks) if self.active else blocks

    def block(self, block: TextBlock) -> TextBlock:
        """Return one block with typographic quotes."""
        if not self.active:
            return block
        if isinstance(block, ListBlock):
            return ListBlock(tuple(self.blocks(item) for item in block.items), block.ordered, block.style)
        tokens: list[tuple[str, str]] = []
        _collect(block.children, tokens)
        if not any(mark in text for _, text in tokens for mark in "\"'-.`"):
            return block
        educated = list(smartquotes.educate_tokens(tokens, self.action, self.language))
        texts = iter(educated)
        return Paragraph(_replace(block.children, texts), block.style)


def _collect(children: tuple[Inline, ...], tokens: list[tuple[str, str]]) -> None:
    for piece in children:
        if isinstance(piece, Words):
            tokens.append(("plain", piece.text))
        elif isinstance(piece, Strong | Emphasis | WebLink):
            _collect(piece.children, tokens)
        elif isinstance(piece, Code):
            tokens.append(("literal", piece.text))


def _replace(children: tuple[Inline, ...], texts: object) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for piece in children:
        if isinstance(piece, Words):
            out.append(Words(next(texts)))  # type: ignore[call-overload]
        elif isinstance(piece, Strong | Emphasis):
            out.append(type(piece)(_replace(piece.children, texts)))
        elif isinstance(piece, WebLink):
            out.append(WebLink(piece.url, _replace(piece.children, texts)))
        else:
            if isinstance(piece, Code):
                next(texts)  # type: ignore[call-overload]
            out.append(piece)
    return tuple(out)
