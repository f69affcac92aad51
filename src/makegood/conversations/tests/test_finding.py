"""What a search finds, the same on both databases, and never anything outside the agent's inboxes."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.agents.models import Agent, Team
from makegood.clock.now import now
from makegood.conversations.actions.assigning import assign
from makegood.conversations.actions.closing import close
from makegood.conversations.actions.noting import write_note
from makegood.conversations.actions.receiving import receive
from makegood.conversations.actions.rereading import reread
from makegood.conversations.actions.tagging import tag
from makegood.conversations.envelope import Address, IncomingFile
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries.finding import by_number, find, snippet, understood
from makegood.conversations.tests.factories import KOFI, ODILE, agent, answer, arrival, come_in, inbox, letter
from makegood.inboxes.models import Inbox
from makegood.search import index
from makegood.search.grammar import parse

pytestmark = pytest.mark.django_db


def found(text: str, who: Agent, **more: object) -> list[int]:
    """The numbers of the conversations, in order."""
    return [hit.conversation.pk for hit in find(parse(text), who, **more)]  # type: ignore[arg-type]


def test_words_must_all_occur_in_one_message(marisol: Agent) -> None:
    tent, _stove = come_in("The tent pole cracked.", subject="x"), come_in("The stove cracked.", subject="x")

    assert found("cracked POLE", marisol) == [tent.conversation_id]
    assert found("cracked kettle", marisol) == []


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ('"tent pole"', True), ('"pole tent"', False), ("pole -stove", True), ("pole -cracked", False),
        ('pole -"tent pole"', False), ("crack*", True), ("cracking", True), ("cracks", True), ("poles", True),
        ("cr*", False), ("kettle", False),
    ],
)  # fmt: skip
def test_phrases_exclusions_beginnings_and_word_forms(marisol: Agent, asked: str, is_found: bool) -> None:
    come_in("Good morning, the main tent pole cracked on the first night and we would like to have a new one please.")

    assert bool(found(asked, marisol)) is is_found


@pytest.mark.parametrize("asked", ["häuser", "haus", "hauser", "zelte", "zelt", "zerbrochen"])
def test_german_word_forms(marisol: Agent, asked: str) -> None:
    come_in("Guten Tag, ich habe bei Ihnen zwei Zelte und die Häuser für die Vögel bestellt. Das Zelt ist zerbrochen.")

    assert len(found(asked, marisol)) == 1


@pytest.mark.parametrize("asked", ["creme", "Crème", "CRÈME", "brulee"])
def test_accents_do_not_matter(marisol: Agent, asked: str) -> None:
    come_in("The crème brûlée set.")

    assert len(found(asked, marisol)) == 1


@pytest.mark.parametrize(
    ("asked", "is_found"), [("国から", True), ("北の国", True), ("の北", False), ('"国から"', True)]
)
def test_scripts_without_blanks(marisol: Agent, asked: str, is_found: bool) -> None:
    come_in("こんにちは、北の国から来ました。")

    assert bool(found(asked, marisol)) is is_found


def test_who_wrote_and_to_whom(marisol: Agent) -> None:
    theirs = come_in("x", cc=[KOFI])

    assert found("from:odile", marisol) == found("from:odile@fenwick.example", marisol) == [theirs.conversation_id]
    assert found("to:larkspur", marisol) == [theirs.conversation_id]
    assert found("from:kofi", marisol) == found("to:odile", marisol) == []


def test_names_of_files_and_whether_there_are_any(marisol: Agent) -> None:
    file = IncomingFile("Rechnung 2026.pdf", "application/pdf", b"%PDF")
    with_file, without = come_in("Invoice here.", files=[file]), come_in("Invoice there.")

    assert found("file:rechnung", marisol) == [with_file.conversation_id]
    assert found("has:attachment", marisol) == found("has:attachments", marisol) == [with_file.conversation_id]
    assert found("invoice has:attachment", marisol) == [with_file.conversation_id]
    assert set(found("invoice", marisol)) == {with_file.conversation_id, without.conversation_id}
    assert found("has:wings", marisol) == []


def test_tags_states_inboxes_and_people(marisol: Agent) -> None:
    one, two = come_in("pole one").conversation, come_in("pole two", to=inbox("r@q.example", "Returns")).conversation
    tag(one, "Late Parcel", by=marisol)
    close(two, by=marisol)
    team = Team.objects.create(name="Workshop")
    assign(one, to=marisol, team=team, by=marisol)

    for asked in ('tag:"late parcel"', "is:open", "inbox:care", "assigned:marisol", "team:workshop", "is:waiting"):
        assert found(asked, marisol) == [one.pk], asked
        assert found(f"pole {asked}", marisol) == [one.pk], asked
    for asked in ("is:closed", "inbox:returns", "is:unassigned"):
        assert found(f"pole {asked}", marisol) == [two.pk], asked
    for asked in ("is:nonsense", "tag:none", "team:none", "inbox:none", "is:trouble", "is:spam"):
        assert found(f"pole {asked}", marisol) == [], asked


def test_before_and_after_a_day(marisol: Agent) -> None:
    old = receive(letter("pole"), arrival(at=datetime(2026, 3, 1, 12, tzinfo=UTC)))
    new = receive(letter("pole"), arrival(at=datetime(2026, 6, 1, 12, tzinfo=UTC)))

    assert found("pole before:2026-05-01", marisol) == [old.conversation_id]
    assert found("pole after:2026-05-01", marisol) == [new.conversation_id]
    assert found("after:2026-02-01 before:2026-04-01", marisol) == [old.conversation_id]
    assert found("pole before:soon", marisol) == []


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_everywhere(marisol: Agent, zone: str, day: str) -> None:
    come_in("pole")

    with timezone.override(zone):
        assert isinstance(found(f"pole before:{day} after:{day}", marisol), list)


def test_notes_are_found_and_marked_as_such(marisol: Agent) -> None:
    conversation = come_in("x").conversation
    write_note(conversation, "The heliotrope incident.", key=uuid.uuid4(), by=marisol)

    (hit,) = find(parse("heliotrope"), marisol)

    assert (hit.conversation, hit.kind) == (conversation, "note")


def test_a_number_is_a_conversation_that_may_be_seen(marisol: Agent) -> None:
    mine = come_in("x").conversation
    closed_off = come_in("x", to=inbox("secret@q.example", "Secret", is_open_to_all=False)).conversation

    assert by_number(f" #{mine.pk} ", marisol) == by_number(str(mine.pk), marisol) == mine
    assert [by_number(text, marisol) for text in (str(closed_off.pk), "²", "9" * 30, "-1", "", "#")] == [None] * 6


def test_the_newest_come_first_and_the_best_when_asked(marisol: Agent) -> None:
    often = receive(letter("pole pole pole pole pole"), arrival(at=now() - timedelta(days=5)))
    once = receive(letter("A pole, among many other words that make this letter long."), arrival())

    assert found("pole", marisol) == [once.conversation_id, often.conversation_id]
    assert found("pole", marisol, best=True) == [often.conversation_id, once.conversation_id]


def test_pages_follow_each_other(marisol: Agent) -> None:
    moment = now()
    for number in range(60):
        receive(letter(f"pole {number}"), arrival(at=moment - timedelta(minutes=number)))

    pages, older = [], None
    while hits := find(parse("pole"), marisol, older_than=older)[:25]:
        pages.append([hit.conversation.pk for hit in hits])
        older = hits[-1].cursor

    newest_first = list(Conversation.objects.order_by("-last_at").values_list("pk", flat=True))
    assert [pk for page in pages for pk in page] == newest_first
    assert [len(page) for page in pages] == [25, 25, 10]


def test_nothing_of_another_inbox_can_be_found(marisol: Agent) -> None:
    secret = inbox("secret@quillfeather.example", "Secret", is_open_to_all=False)
    hidden = come_in(
        "The heliotrope pole.", to=secret, subject="Heliotrope", files=[IncomingFile("helio.txt", "text/plain", b"x")]
    )
    tag(hidden.conversation, "heliotag", by=marisol)
    write_note(hidden.conversation, "Heliotrope note.", key=uuid.uuid4(), by=marisol)
    come_in("Another pole.")

    for asked in (
        "heliotrope",
        "file:helio",
        "tag:heliotag",
        "inbox:secret",
        "from:odile heliotrope",
        "has:attachment",
    ):
        assert (found(asked, marisol), found(asked, marisol, best=True)) == ([], []), asked
    assert hidden.conversation_id not in found("pole", marisol)
    assert hidden.conversation_id not in found("is:open", marisol)
    assert found("heliotrope", agent(role="admin")) == [hidden.conversation_id]


def test_a_team_that_was_granted_the_inbox_finds(marisol: Agent) -> None:
    secret = inbox("secret@quillfeather.example", "Secret", is_open_to_all=False)
    hidden = come_in("The heliotrope pole.", to=secret)
    team = Team.objects.create(name="Workshop")
    team.members.add(marisol)
    secret.teams.add(team)

    assert found("heliotrope", marisol) == [hidden.conversation_id]


def test_a_conversation_that_moved_is_found_where_it_is_now(marisol: Agent) -> None:
    secret: Inbox = inbox("secret@quillfeather.example", "Secret", is_open_to_all=False)
    moved = come_in("The heliotrope pole.").conversation
    Conversation.objects.filter(pk=moved.pk).update(inbox=secret)
    index.move(moved.pk, secret.pk)

    assert found("heliotrope", marisol) == []
    assert found("heliotrope", agent(role="admin")) == [moved.pk]


def test_what_was_read_again_is_found_by_its_new_words_alone(marisol: Agent) -> None:
    message = come_in("The heliotrope pole.", files=[IncomingFile("old.txt", "text/plain", b"x")])

    reread(message.pk, letter("The marigold pole.", files=[IncomingFile("new.txt", "text/plain", b"x")]))

    assert (found("heliotrope", marisol), found("file:old", marisol)) == ([], [])
    assert found("marigold", marisol) == found("file:new", marisol) == [message.conversation_id]
    reread(message.pk, letter("The daisy pole."))
    assert (found("marigold", marisol), found("has:attachment", marisol)) == ([], [])
    assert found("pole", marisol) == [message.conversation_id]


def test_a_conversation_appears_once_however_often_it_matches(marisol: Agent) -> None:
    first = come_in("pole")
    answer(first.conversation, "The pole is coming.")

    assert found("pole", marisol) == [first.conversation_id]


def test_a_conversation_appears_on_one_page_only(marisol: Agent) -> None:
    moment = now()
    first = receive(letter("pole"), arrival(at=moment - timedelta(days=9)))
    for number in range(30):
        receive(letter(f"pole {number}"), arrival(at=moment - timedelta(days=1, minutes=number)))
    receive(letter("pole", in_reply_to=first.message_id), arrival(at=moment))

    page = find(parse("pole"), marisol)[:25]
    following = find(parse("pole"), marisol, older_than=page[-1].cursor)

    assert not {hit.conversation.pk for hit in page} & {hit.conversation.pk for hit in following}


def test_a_filter_can_be_turned_round(marisol: Agent) -> None:
    tagged, other = come_in("pole").conversation, come_in("pole").conversation
    tag(tagged, "late", by=marisol)

    assert found("pole -tag:late", marisol) == [other.pk]


def test_only_what_must_not_occur_finds_nothing_on_either_database(marisol: Agent) -> None:
    come_in("pole")

    assert found("-kettle", marisol) == []


def test_found_words_are_marked_and_markup_is_text() -> None:
    shown = snippet("<script>x</script> the POLE & poles <img onerror>", {"pole"})

    assert shown == (
        "&lt;script&gt;x&lt;/script&gt; the <mark>POLE</mark> &amp; <mark>poles</mark> &lt;img onerror&gt;"
    )


def test_far_down_the_surroundings_are_shown() -> None:
    shown = snippet("before " * 500 + "the pole" + " after" * 500, {"pole"})

    assert shown.startswith("… ")
    assert "<mark>pole</mark>" in shown
    assert len(shown) < 320


@given(st.text(max_size=400), st.sets(st.text(min_size=1, max_size=8), max_size=4))
def test_a_snippet_never_holds_markup_of_the_text(text: str, words: set[str]) -> None:
    bare = snippet(text, words).replace("<mark>", "").replace("</mark>", "")

    assert not set("<>\"'") & set(bare)


WORDS = st.sampled_from(
    [
        "from:",
        "to:",
        "tag:",
        "is:",
        "is:open",
        "inbox:",
        "before:",
        "after:",
        "has:",
        "file:",
        "team:",
        "assigned:",
        "-",
        '"',
        "*",
        "pole",
        "NEAR(a b)",
        "AND",
        "OR NOT",
        "words:x",
        "' OR 1=1",
        "\\",
        "&",
        "|",
        "!",
        "<->",
        ":*",
        "(",
        ")",
        "\0",
        "^",
        "+",
        "{a b}",
        "a:A",
        "x0st",
        "2026-02-30",
        "\ud800",
        "北",
        "é",
        "\u0301",
        "_",
        "__",
        "²",
        "1e999",
        "-5",
        "0x1F",
        "क" * 900,
        "a" * 900,
        "한국어",
        "٣",
        "\u200f",
        "@",
        "x_y",
        "%",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(WORDS | st.text(max_size=12), max_size=9).map(" ".join) | st.lists(WORDS, max_size=6).map("".join))
def test_whatever_is_typed_is_answered(marisol: Agent, text: str) -> None:
    if not Message.objects.exists():
        come_in("The tent pole cracked.")

    for best in (False, True):
        assert len(found(text, marisol, best=best)) <= 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300))
def test_whatever_was_written_can_be_indexed_and_taken_out_again(marisol: Agent, text: str) -> None:
    message = come_in(f"{text} heliotrope", subject=text[:200], sender=Address(text[:50], ODILE.email))
    assert message.conversation_id in found("heliotrope", marisol)

    reread(message.pk, letter("Something else."))

    assert message.conversation_id not in found("heliotrope", marisol)


@pytest.mark.parametrize("asked", ["Grusse", "Grüße", "grüsse", "GRUSSE", "Gruß*", "gruss*", "from:weiss", "from:Weiß"])
@pytest.mark.parametrize("written", ["Viele Grüße", "Viele Grüsse"])
def test_words_are_found_with_and_without_umlauts_and_sharp_s(marisol: Agent, asked: str, written: str) -> None:
    conversation = come_in(written, sender=Address("Ida Weiß", "ida@fenwick.example"), subject="x").conversation_id

    assert found(asked, marisol) == [conversation]
    assert found("Grus", marisol) == []
    if ":" not in asked:
        marked = find(parse(asked), marisol)[0].snippet
        assert f"<mark>{written.split()[1]}</mark>" in marked


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("is:foo", "After “is:” stands one of: open,"), ("before:gestern", "stands a day, such as 2026-11-01"),
        ("after:2026-13-01", "stands a day"), ("has:lunch", "stands “attachment”"), ("-is:foo", "After “is:”"),
    ],
)  # fmt: skip
def test_a_filter_that_is_not_understood_is_told_and_the_rest_is_searched(
    client: Client, marisol: Agent, typed: str, hint: str
) -> None:
    conversation = come_in("The tent pole cracked.").conversation
    client.force_login(marisol)

    query, unclear = understood(parse(f"pole {typed} is:open"))
    page = client.get("/search", {"q": f"pole {typed} is:open"}).content.decode()
    alone = client.get("/search", {"q": typed}).content.decode()

    assert [hit.conversation for hit in find(query, marisol)] == [conversation]
    assert [one.typed for one in unclear] == [typed.removeprefix("-")]
    assert hint in unclear[0].hint and hint in page
    assert f'href="/conversations/{conversation.pk}"' in page
    assert "Nothing was found." not in page + alone and "was left out" in alone


def test_filters_that_are_understood_are_not_told() -> None:
    asked = "is:open IS:Unassigned before:2026-11-01 has:attachments from:odile inbox:care tag:x nonsense:yes"

    assert understood(parse(asked)) == (parse(asked), [])
