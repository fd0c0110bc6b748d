"""Asks a language model over the OpenAI-compatible API that nearly every provider and local server speaks.

The `openai` package is optional: without it, the judge says so when it is asked. It is imported when a judge is opened,
never before.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, Field, ValidationError

from cynthia_pipeline.audit.asking import ANSWER_CAP, Judge, JudgementError, NoAnswer, Question

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_OPENAI: Final = "https://api.openai.com/v1"

_TOKENS: Final = 4_000
"""Most that an answer may cost, what a model thinks beforehand included."""

_BODY_CAP: Final = 8 * ANSWER_CAP
"""Bytes of a response beyond which it is not read: the answer, and what a provider puts around it."""


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    """As much of a response as is wanted."""

    choices: tuple[_Choice, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class OpenAIJudge:
    """A model behind an OpenAI-compatible API. Made by `open_judge`."""

    client: "AsyncOpenAI"
    model: str
    timeout_s: float

    async def ask(self, question: Question) -> str:
        """See Judge."""
        import httpx2
        import openai

        try:
            async with asyncio.timeout(self.timeout_s):
                body = await self._body(question)
        except (TimeoutError, openai.APITimeoutError) as error:
            raise JudgementError(NoAnswer.TIMED_OUT) from error
        except openai.APIStatusError as error:
            raise JudgementError(NoAnswer.REFUSED, f"HTTP {error.status_code}") from error
        except (openai.OpenAIError, httpx2.HTTPError) as error:  # the latter where a response breaks off
            raise JudgementError(NoAnswer.UNREACHABLE, type(error).__name__) from error
        try:
            return _Completion.model_validate_json(body).choices[0].message.content
        except ValidationError as error:
            raise JudgementError(NoAnswer.UNREADABLE, "not a completion") from error

    async def _body(self, question: Question) -> bytes:
        """The response, read piece by piece, so that an endless one is left off."""
        async with self.client.chat.completions.with_streaming_response.create(
            model=self.model,
            messages=[
                {"role": "system", "content": question.instructions},
                {"role": "user", "content": question.page},
            ],
            response_format={"type": "json_schema", "json_schema": {"name": "answer", "schema": question.schema}},
            max_completion_tokens=_TOKENS,
        ) as response:
            body = bytearray()
            async for piece in response.iter_bytes():
                body += piece
                if len(body) > _BODY_CAP:
                    raise JudgementError(NoAnswer.UNREADABLE, "too long")
            return bytes(body)


@dataclass(frozen=True, slots=True)
class _Missing:
    """Stands in where the package is not installed."""

    model: str

    async def ask(self, question: Question) -> str:  # noqa: ARG002 -- the port's
        """Says so."""
        raise JudgementError(NoAnswer.NOT_INSTALLED)


@asynccontextmanager
async def open_judge(model: str, *, url: str | None, api_key: str | None, timeout_s: float) -> AsyncIterator[Judge]:
    """A judge that may be asked many times at once, and whose connections are closed on leaving.

    Args:
        model: as the provider names it.
        url: of the API; None for OpenAI's own.
        api_key: None for a server that wants none.
        timeout_s: for one answer, a second attempt after a failed connection included, seconds.
    """
    try:
        import openai
    except ImportError:
        yield _Missing(model)
        return
    # Key and address are given, so that neither is read from elsewhere; a redirect would carry the page there.
    async with openai.AsyncOpenAI(
        api_key=api_key or "none",
        base_url=url or _OPENAI,
        timeout=timeout_s,
        max_retries=1,
        http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False),
    ) as client:
        yield OpenAIJudge(client, model, timeout_s)
