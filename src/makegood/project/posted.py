"""What nobody asked for is not taken: a posted field that the page's form does not list is answered with 400.

No view has to say anything for it. Forms and views ask for fields by their names before they change anything; whatever
has not been asked for when the first row would be written, or when the view is done, is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Self

from django.core.exceptions import BadRequest
from django.db import connection
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.datastructures import MultiValueDict

View = Callable[[HttpRequest], HttpResponseBase]
WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
BEFORE_FORMS = {"django_session", "usersessions_usersession", "cache"}  # whose session it is, and throttles
ANSWERED = {422}  # what came back with a refusal is unknown all the same
EVERYWHERE = {"csrfmiddlewaretoken", "next"}  # allauth asks where to go next once somebody is signed in


class _Asked(MultiValueDict[str, Any]):
    """Remembers the names that were asked for.

    Fields and files share them: a file field in which nothing was chosen is sent as an empty field (HTML, 4.10.21.4).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = set(EVERYWHERE)

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().getlist(key, default)

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    @property
    def unknown(self) -> set[str]:
        """What came and was not asked for."""
        return set(self.keys()) - self.asked


class _Fields(_Asked, QueryDict):
    @classmethod
    def of(cls, given: QueryDict) -> Self:
        """The same fields, nothing asked for yet."""
        fields = cls("", mutable=True, encoding=given.encoding)
        for name, values in given.lists():
            fields.setlist(name, values)
        fields._mutable = False
        return fields


class only_known_fields:
    """The innermost of the middlewares: around the view, and what else looks at the form."""

    def __init__(self, get_response: View) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST":
            return self._get_response(request)
        fields, files = _Fields.of(request.POST), _Asked(request.FILES)
        files.asked = fields.asked
        request.POST, request._files = fields, files  # type: ignore[assignment, attr-defined]

        def check(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
            written = WRITES.match(sql)
            if written and written[1] not in BEFORE_FORMS:
                _refuse(fields.unknown | files.unknown)
            return execute(sql, *more)

        with connection.execute_wrapper(check):
            response = self._get_response(request)
        is_answer = response.status_code in ANSWERED or response.status_code < 400
        if is_answer and getattr(request, "reached_its_view", False):
            _refuse(fields.unknown | files.unknown)
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Not called where another middleware answers first: whoever is signed out is sent to sign in, not refused."""
        request.reached_its_view = True  # type: ignore[attr-defined]


def _refuse(unknown: set[str]) -> None:
    if unknown:
        raise BadRequest(f"unknown fields: {', '.join(sorted(unknown))[:200]}")
