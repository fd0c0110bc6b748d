"""How a language model is asked anything: what it is told, and what may come back.

A model is an outsider twice over: it reads what a stranger wrote, and what it answers may be anything. So a page is
handed to it as data, apart from the instructions, and of its answer only what a strict schema allows is read.
"""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

ANSWER_CAP: Final = 16_000
"""Characters of an answer beyond which it is not read."""


class NoAnswer(StrEnum):
    """Why a model gave nothing."""

    NOT_INSTALLED = "not_installed"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


class JudgementError(Exception):
    """A model could not be asked, or its answer not be used. It never fails an audit or a pack."""

    def __init__(self, reason: NoAnswer, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked.

    Attributes:
        instructions: ours; nothing in it comes from the page.
        page: what the page says, as `as_data` wrote it.
        schema: JSON Schema of the answer.
    """

    instructions: str
    page: str
    schema: dict[str, object]


class Judge(Protocol):
    """A language model that can be asked."""

    @property
    def model(self) -> str:
        """Its name, for the report."""
        ...

    async def ask(self, question: Question) -> str:
        """The model's answer as it came, at most ANSWER_CAP characters.

        Raises:
            JudgementError: there is none.
        """
        ...


class AnswerPart(BaseModel):
    """As strict as can be: one key too many, and it is not an answer to what was asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_Answer = TypeVar("_Answer", bound=AnswerPart)


def as_data(said: object) -> str:
    """What a page says, as JSON between two marker lines that nothing in it can imitate.

    Args:
        said: anything that JSON can hold, with its texts on one line each (`one_line`).
    """
    # Without "<", nothing in the page can pass for a marker line.
    words = json.dumps(said, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    mark = hashlib.sha256(words.encode()).hexdigest()[:16]
    return f"<page {mark}>\n{words}\n</page {mark}>"


async def answered(judge: Judge, question: Question, *, left_s: float) -> str:
    """The model's answer as it came, if it comes in time.

    Args:
        judge: who is asked; it may have a shorter limit of its own.
        question: what it is asked.
        left_s: how long it is waited for, seconds.

    Raises:
        JudgementError: there is none; TIMED_OUT, not in time.
    """
    try:
        async with asyncio.timeout(left_s):
            return await judge.ask(question)
    except TimeoutError as error:
        raise JudgementError(NoAnswer.TIMED_OUT) from error


def read(answer: str, kind: type[_Answer]) -> _Answer:
    """An answer as what was asked for.

    Raises:
        JudgementError: UNREADABLE, it is something else.
    """
    if len(answer) > ANSWER_CAP:
        raise JudgementError(NoAnswer.UNREADABLE, f"{len(answer)} characters")
    try:
        return kind.model_validate_json(_unfenced(answer), strict=True)
    except ValidationError as error:
        raise JudgementError(NoAnswer.UNREADABLE, f"{error.error_count()} faults in the answer") from error


def _unfenced(answer: str) -> str:
    """An answer without the Markdown fence that models like to put around JSON."""
    text = answer.strip()
    if text.startswith("```") and text.endswith("```") and len(text) > 6:
        return text[3:-3].removeprefix("json").strip()
    return text
