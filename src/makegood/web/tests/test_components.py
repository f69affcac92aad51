import re
import time
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
import time_machine
from django import forms
from django.core.checks import run_checks
from django.http import Http404, HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from makegood.web import assets, people
from makegood.web.appearance import appearance
from makegood.web.views import guide as guide_views


def _render(text: str, **context: object) -> str:
    return Template("{% load web %}" + text).render(Context(context))


class _Ids(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.described: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "aria-describedby":
                self.described += (value or "").split()


class _Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As customers see it")
    here = forms.BooleanField(label="Here", help_text="Until six")
    due = forms.ChoiceField(label="Due", widget=forms.RadioSelect, choices=[("a", "Noon"), ("b", "Five")])
    team = forms.ChoiceField(label="Team", choices=[("1", "Care")], required=False)


def test_the_hint_describes_the_field() -> None:
    html = _render("{% field form.name %}", form=_Form())
    parsed = _Ids(html)

    assert parsed.described == ["id_name_helptext"]
    assert "id_name_helptext" in parsed.ids
    assert "As customers see it" in html


def test_an_error_stands_in_the_hint_s_place() -> None:
    html = _render("{% field form.name %}", form=_Form({}))
    parsed = _Ids(html)

    assert parsed.described == ["id_name_error"]
    assert "id_name_error" in parsed.ids
    assert 'aria-invalid="true"' in html
    assert "As customers see it" not in html


@pytest.mark.parametrize("name", ["here", "due", "team"])
def test_every_description_of_a_field_exists(name: str) -> None:
    for form in (_Form(), _Form({})):
        parsed = _Ids(_render("{% field bound %}", bound=form[name]))

        assert set(parsed.described) <= set(parsed.ids)
        assert len(parsed.ids) == len(set(parsed.ids))


def test_what_outsiders_wrote_is_escaped_everywhere() -> None:
    canary = '<img src=x onerror="x">'
    html = _render(
        '{% avatar name 1 %}{% icon "mail" label=name %}{% timestamp at name %}'
        '{% alert "late" title=name %}{{ name }}{% endalert %}'
        '{% dialog id="a" title=name %}{{ name }}{% enddialog %}{% empty title=name %}{% endempty %}'
        '{% include "components/toast.html" with text=name %}',
        name=canary,
        at=datetime(2026, 11, 19, 14, 22, tzinfo=UTC),
    )

    assert "<img" not in html


def test_a_time_says_its_whole_moment() -> None:
    html = _render("{% timestamp at tick='past' %}", at=datetime(2026, 11, 19, 14, 22, tzinfo=UTC))

    assert html.startswith('<time datetime="2026-11-19T14:22:00+00:00" title="')
    assert 'data-tick="past"' in html


@pytest.mark.parametrize(("day", "shown"), [(19, "14:22"), (5, "5 Nov")])
def test_a_time_says_no_more_than_is_needed(day: int, shown: str) -> None:
    with time_machine.travel(datetime(2026, 11, 19, 20, tzinfo=UTC)):
        html = _render("{% timestamp at %}", at=datetime(2026, 11, day, 14, 22, tzinfo=UTC))

    assert html.endswith(f">{shown}</time>")


@pytest.mark.parametrize(
    ("language", "day", "shown"),
    [
        ("en", date(2026, 1, 1), "Today, Thursday, 1 January"),
        ("en", date(2025, 12, 31), "Yesterday, Wednesday, 31 December 2025"),
        ("en", date(2026, 1, 2), "Friday, 2 January"),
        ("de", date(2026, 1, 1), "Heute, Donnerstag, 1. Januar"),
        ("de", date(2025, 12, 30), "Dienstag, 30. Dezember 2025"),
    ],
)
def test_a_new_day_says_whether_it_is_today(language: str, day: date, shown: str) -> None:
    with time_machine.travel(datetime(2026, 1, 1, 20, tzinfo=UTC)), translation.override(language):
        assert _render("{{ day|day_in_words }}", day=day) == shown


@pytest.mark.parametrize(("left", "shown"), [(50, 50), (0, 4), (-3, 4), (130, 100)])
def test_a_dial_never_looks_empty_before_it_is_late(left: int, shown: int) -> None:
    assert f'stroke-dasharray="{shown} 100"' in _render("{% dial 'open' left %}", left=left)


def test_a_dial_is_hidden_from_screen_readers() -> None:
    for state in ("open", "soon", "late", "kept", "moved", "std"):
        assert 'aria-hidden="true"' in _render("{% dial state %}", state=state)


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Odile Fenwick", "OF"), ("Hanneke de Vos-Lind", "HV"), ("saoirse", "S"), ("", "?"), ("«»", "?"),
        ("odile.fenwick@fenwick.example", "OF"), ("@", "?"), ("_odile@fenwick.example", "O"), ("李 小龙", "李小"),
    ],
)  # fmt: skip
def test_initials_come_from_the_first_and_the_last_word(name: str, initials: str) -> None:
    assert people.initials(name) == initials


def test_initials_of_a_hostile_name_take_linear_time() -> None:
    def seconds(length: int) -> float:
        name = "a. " * length
        runs = []
        for _ in range(5):
            started = time.process_time()
            people.initials(name)
            runs.append(time.process_time() - started)
        return min(runs)

    small, double, fourfold = (seconds(200_000 * factor) for factor in (1, 2, 4))

    assert double < 3 * small + 0.01
    assert fourfold < 3 * double + 0.01


def test_hues_are_spread_and_stay() -> None:
    hues = [people.hue_of(identity) for identity in range(600)]

    assert hues == [people.hue_of(str(identity)) for identity in range(600)]
    assert {len(set(hues[n : n + people.HUES])) for n in range(580)} == {people.HUES}
    names = [people.hue_of(f"name {number}") for number in range(600)]
    assert min(names.count(hue) for hue in range(people.HUES)) > 25


def test_the_theme_comes_from_a_closed_list() -> None:
    request = RequestFactory().get("/")
    request.COOKIES = {"theme": 'dark"><script>', "density": "compact"}

    assert appearance(request) == {"theme": "", "density": "compact"}


@pytest.mark.parametrize("status", [400, 403, 404, 422, 500])
def test_error_pages_need_no_context_and_no_script(status: int) -> None:
    html = render_to_string(f"{status}.html")

    assert "<h1>" in html
    assert "<script" not in html


def test_a_refusal_is_said_in_its_own_words() -> None:
    assert "Only a lead may do that." in render_to_string("403.html", {"sentence": "Only a lead may do that."})


def test_no_page_carries_inline_styles_or_handlers() -> None:
    for name in ("components", "inbox", "settings", "first_run", "entrance", "public"):
        html = guide_views.show(RequestFactory().get("/"), name).content.decode()

        assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", html) == []


def test_an_unknown_page_of_the_guide_is_not_found() -> None:
    with pytest.raises(Http404):
        guide_views.show(HttpRequest(), "nothing")


def test_assets_that_are_not_built_are_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "_MANIFEST", tmp_path / "manifest.json")

    assert [warning.id for warning in run_checks(tags=["web"])] == ["web.W001"]
