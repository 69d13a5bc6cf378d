"""The words of notices: templates that a company can change, the first line being the subject."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)

from models.dossier.papers_due import Paper
from models.values.errors import Code, Refusal
from models.values.vocabulary import Language, Words
from models.writing.amounts_in_texts import amounts_apart

_GENERAL = "notice"
_NO_TEMPLATE = Words(
    "没有通知模板 {file}。模板在 {folder}",
    "There is no template {file} for notices; templates stand in {folder}",
)
_BAD_TEMPLATE = Words(
    "通知模板 {file} 第 {line} 行有错：{error}", "The template {file} has an error in line {line}: {error}"
)


@dataclass(frozen=True, slots=True)
class NoticeText:
    """Subject and text of one notice."""

    subject: str
    text: str


class NoticeTexts:
    """Words by the templates of a folder, in one language: `<paper>.<language>.txt`, else `notice.<language>.txt`."""

    def __init__(self, templates: Path, language: Language) -> None:
        self._folder = templates
        self._language = language
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701 - plain text, nothing that a browser reads
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["say"] = self._in_its_language

    def text_of(self, paper: Paper, values: Mapping[str, object]) -> NoticeText:
        """Subject and text of a notice. Raises Refusal: not_set_up (no template), malformed_file (its error, with file and line)."""
        name = f"{paper.value}.{self._language.value}.txt"
        try:
            text = self._template(name).render(**values, language=self._language.value)
        except TemplateSyntaxError as error:
            raise self._bad(error.name or name, error.lineno, error) from error
        except TemplateNotFound as error:
            words = _NO_TEMPLATE.filled(file=error.name, folder=self._folder)
            raise Refusal(Code.NOT_SET_UP, words, where=str(self._folder)) from error
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
            file, line = _place(error)
            raise self._bad(file or name, line, error) from error
        subject, _, rest = amounts_apart(text).strip().partition("\n")
        return NoticeText(" ".join(subject.split()), rest.strip())

    def in_its_language(self, words: Words) -> str:
        """Words in the language of these texts."""
        return words.in_language(self._language)

    def _in_its_language(self, value: str | Mapping[str, str]) -> str:
        """A text, or a pair of one text in both languages."""
        return value if isinstance(value, str) else value[self._language.value]

    def _template(self, name: str) -> Template:
        return self._environment.select_template([name, f"{_GENERAL}.{self._language.value}.txt"])

    def _bad(self, file: str, line: int, error: BaseException) -> Refusal:
        words = _BAD_TEMPLATE.filled(file=Path(file).name, line=line, error=error)
        return Refusal(Code.MALFORMED_FILE, words, where=f"{Path(file).name}:{line}")


def _place(error: BaseException) -> tuple[str, int]:
    """Where in a template it went wrong: the last step of the way there that is a template's."""
    steps = [step for step in traceback.extract_tb(error.__traceback__) if step.filename.endswith(".txt")]
    return (steps[-1].filename, steps[-1].lineno or 0) if steps else ("", 0)
