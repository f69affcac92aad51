"""The pages by which conversations are merged, split, renamed and followed: they work without scripts."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from makegood.agents.models import Agent, Role
from makegood.conversations.actions import merging, splitting
from makegood.conversations.actions.closing import close
from makegood.conversations.actions.renaming import rename
from makegood.conversations.actions.spam import mark_spam
from makegood.conversations.models import Conversation, Follow, Merge, Message
from makegood.conversations.queries.writing import recipients_of
from makegood.conversations.tests.factories import KOFI, agent, answer, come_in, inbox, written
from makegood.conversations.tests.test_merging import fresh, merge, texts, told
from makegood.eventlog.models import LoggedEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def tent() -> Conversation:
    return come_in("The pole cracked.", subject="Tent").conversation


@pytest.fixture
def refund() -> Conversation:
    return come_in("The refund?", subject="Refund").conversation


def url(conversation: Conversation) -> str:
    return reverse("conversation", args=[conversation.pk])


def acts(client: Client, conversation: Conversation) -> list[tuple[str, str]]:
    entries = client.get(url(conversation)).context["entries"]
    return [(str(entry.words), entry.undo_url) for entry in entries if entry.kind == "event"]


def test_the_customers_others_are_suggested_first_the_hinted_one_foremost(
    browser: Client, tent: Conversation, refund: Conversation, marisol: Agent
) -> None:
    bag = come_in("The bag.", sender=KOFI, subject="Bag").conversation
    secret = inbox("secret@quillfeather.example", "Secret", is_open_to_all=False)
    come_in("Hidden.", to=secret, subject="Hidden")
    mark_spam(come_in("Win!", subject="Spam").conversation, by=marisol)
    merge(come_in("Gone.", subject="Gone").conversation, tent, marisol)
    gone = come_in("I too.", sender=KOFI, subject="Bag, again").conversation
    merge(gone, bag, marisol)
    Conversation.objects.filter(pk=refund.pk).update(may_belong_to=gone)  # it went where `bag` is

    page = browser.get(reverse("mergers", args=[refund.pk]))

    assert [(one.conversation, one.is_hinted, one.is_anothers) for one in page.context["choice"].candidates] == [
        (bag, True, True), (tent, False, False),
    ]  # fmt: skip
    assert page.text.count("Another customer") == 1


def test_others_are_found_by_words_and_by_number_as_far_as_one_may_see(
    browser: Client, tent: Conversation, refund: Conversation
) -> None:
    secret = inbox("secret@quillfeather.example", "Secret", is_open_to_all=False)
    hidden = come_in("The pole is secret.", to=secret).conversation

    def found(q: str) -> list[Conversation]:
        page = browser.get(reverse("mergers", args=[refund.pk]), {"q": q})
        return [one.conversation for one in page.context["choice"].candidates]

    assert (found("pole"), found(f"#{tent.pk}"), found(f"{hidden.pk}"), found("refund")) == ([tent], [tent], [], [])


def test_a_merge_leads_to_the_other_and_offers_its_undo_there_at_any_time(
    browser: Client, tent: Conversation, refund: Conversation
) -> None:
    page = browser.post(reverse("mergers", args=[refund.pk]), {"into": tent.pk}, follow=True)
    merged = Merge.objects.get()
    undo = reverse("merger-delete", args=[tent.pk, merged.pk])

    assert page.context["panel"].others == []
    assert (page.redirect_chain[-1], page.text.count(f'action="{undo}"')) == ((url(tent), 302), 2)
    assert acts(browser, tent) == [("Marisol Quint merged “Refund” into this", undo)]

    browser.post(undo)

    assert (texts(refund), texts(tent)) == (["The refund?"], ["The pole cracked."])
    assert acts(browser, tent) == [
        ("Marisol Quint merged “Refund” into this", ""), ("Marisol Quint undid the merge of “Refund”", ""),
    ]  # fmt: skip
    assert acts(browser, refund) == [
        ("Marisol Quint merged this into “Tent”", ""), ("Marisol Quint took this out of “Tent” again", ""),
    ]  # fmt: skip


def test_the_address_of_what_was_merged_leads_on_and_what_is_done_there_is_done_in_the_other(
    browser: Client, tent: Conversation, refund: Conversation, marisol: Agent
) -> None:
    third = come_in("A third.", subject="Third").conversation
    merge(refund, tent, marisol)
    merge(tent, third, marisol)

    assert browser.get(url(refund)).headers["Location"] == f"{url(third)}"
    assert browser.get(url(refund) + "?view=mine").headers["Location"] == f"{url(third)}?view=mine"
    assert browser.get(url(refund) + "?part=timeline").headers["Location"] == f"{url(third)}?part=timeline"
    assert browser.get(reverse("mergers", args=[refund.pk])).headers["Location"] == reverse("mergers", args=[third.pk])
    assert browser.get(f"/search?q=%23{refund.pk}", follow=True).redirect_chain[-1][0] == url(third)
    browser.post(reverse("replies", args=[refund.pk]), written("To the third."))
    browser.post(reverse("draft", args=[refund.pk]), written("Half"))
    browser.post(reverse("tags", args=[refund.pk]), {"name": "late"})

    assert (texts(third)[-1], third.drafts.get().text, third.tags.get().name) == ("To the third.", "Half", "late")


def test_pressed_twice_it_is_one_merge_and_of_two_people_the_quicker_one_wins(
    browser: Client, tent: Conversation, refund: Conversation
) -> None:
    third = come_in("A third.", subject="Third").conversation
    to = reverse("mergers", args=[refund.pk])

    statuses = [browser.post(to, {"into": into.pk}).status_code for into in (tent, tent, third)]

    assert (statuses, Merge.objects.count(), texts(third)) == ([302, 302, 422], 1, ["A third."])


def test_what_happened_to_the_other_is_told_in_its_new_place_and_can_be_taken_back_there(
    browser: Client, tent: Conversation, refund: Conversation, marisol: Agent
) -> None:
    third = come_in("A third.", subject="Third").conversation
    close(fresh(refund), by=marisol)
    first, second = merge(refund, tent, marisol), merge(tent, third, marisol)
    undo = reverse("merger-delete", args=[third.pk, first.pk])

    assert acts(browser, third) == [
        ("Marisol Quint closed this", ""),
        ("Marisol Quint merged “Refund” into this", undo),
        ("Marisol Quint merged “Tent” into this", reverse("merger-delete", args=[third.pk, second.pk])),
    ]
    browser.post(undo)
    assert (texts(refund), texts(third)) == (["The refund?"], ["The pole cracked.", "A third."])


def test_a_merge_is_undone_where_it_stands_and_by_who_sees_both(
    browser: Client, tent: Conversation, refund: Conversation, marisol: Agent
) -> None:
    row, third = merge(refund, tent, marisol), come_in("A third.").conversation
    secret = inbox("secret@quillfeather.example", "Secret", is_open_to_all=False)

    elsewhere = browser.post(reverse("merger-delete", args=[third.pk, row.pk])).status_code
    Conversation.objects.filter(pk=refund.pk).update(inbox=secret)
    unseen = browser.post(reverse("merger-delete", args=[tent.pk, row.pk])).status_code
    offered = acts(browser, tent)

    assert (elsewhere, unseen, offered) == (404, 404, [("Marisol Quint merged “(not yours)” into this", "")])
    assert Merge.objects.get().undone_at is None


def test_a_light_colleague_reads_of_it_and_is_offered_nothing(
    client: Client, tent: Conversation, refund: Conversation, marisol: Agent
) -> None:
    merge(refund, tent, marisol)
    client.force_login(agent("Lena Marrow", Role.LIGHT))

    page = client.get(url(tent))

    assert acts(client, tent) == [("Marisol Quint merged “Refund” into this", "")]
    assert page.text.count('popovertarget="more"') == 1
    assert [page.text.count(word) for word in ("/mergers", "/split", "/move", "/subject", "/spam", "/following")] == [
        0,
        0,
        0,
        0,
        0,
        1,
    ]


def test_every_message_but_the_first_can_be_split_off_and_both_sides_can_undo_it(browser: Client) -> None:
    first = come_in("The pole cracked.", subject="Tent")
    tent = first.conversation
    second = come_in("And the bag.", subject="Bag", in_reply_to=first.message_id)
    offered = [entry.message.text for entry in browser.get(url(tent)).context["entries"] if entry.can_split]
    assert offered == ["And the bag."]

    page = browser.post(reverse("split", args=[tent.pk, second.pk]), follow=True)

    bag = Message.objects.get(pk=second.pk).conversation
    row = splitting.Split.objects.get()
    assert page.redirect_chain[-1][0] == url(bag)
    assert acts(browser, bag) == [
        ("Marisol Quint began this from messages of “Tent”", reverse("split-delete", args=[bag.pk, row.pk]))
    ]
    assert acts(browser, tent) == [
        ("Marisol Quint began “Bag” from messages of this one", reverse("split-delete", args=[tent.pk, row.pk]))
    ]

    back = browser.post(reverse("split-delete", args=[bag.pk, row.pk]))

    assert (back.headers["Location"], texts(tent)) == (url(tent), ["The pole cracked.", "And the bag."])
    assert browser.get(url(bag)).headers["Location"] == url(tent)


def test_a_hint_is_answered_by_a_merge_or_by_not_the_same(browser: Client) -> None:
    first = come_in(subject="Tent")
    hinted = [
        come_in("Me too.", sender=KOFI, in_reply_to=first.message_id).conversation,
        come_in("I too.", sender=KOFI, in_reply_to=first.message_id).conversation,
    ]
    assert [browser.get(url(one)).text.count("This may belong to") for one in hinted] == [1, 1]

    browser.post(reverse("hint-delete", args=[hinted[0].pk]))
    browser.post(reverse("mergers", args=[hinted[1].pk]), {"into": hinted[1].may_belong_to_id})

    assert browser.get(url(hinted[0])).text.count("This may belong to") == 0
    assert (told(hinted[0])[-1], fresh(hinted[0]).may_belong_to) == ("conversation.told_apart", None)
    assert fresh(hinted[1]).merged_into == first.conversation


def test_the_subject_is_changed_for_colleagues_and_letters_keep_what_the_customer_knows(
    browser: Client, tent: Conversation, marisol: Agent
) -> None:
    browser.post(reverse("subject", args=[tent.pk]), {"subject": "  Heron 2,\n pole  "})
    browser.post(reverse("replies", args=[tent.pk]), written())

    assert fresh(tent).subject == "Heron 2, pole"
    assert Message.objects.get(direction="out").subject == "Re: Tent"
    assert [words for words, _ in acts(browser, tent)] == [
        "Marisol Quint changed the subject",
        "Marisol Quint took this",
    ]
    assert LoggedEvent.objects.get(name="conversation.renamed").data == {}


def test_a_letter_goes_on_under_the_subject_of_what_it_answers_with_one_re(tent: Conversation, marisol: Agent) -> None:
    ours = answer(tent, by=marisol)
    come_in("Thanks.", subject="AW: Re: SV: Tent", in_reply_to=ours.message_id)
    again = answer(fresh(tent), by=marisol)
    come_in("New number.", subject="My new number", in_reply_to=ours.message_id)
    changed = answer(fresh(tent), by=marisol)

    assert [one.subject for one in (ours, again, changed)] == ["Re: Tent", "Re: Tent", "Re: My new number"]


def test_where_the_customer_gave_no_subject_they_do_not_hear_ours(marisol: Agent) -> None:
    nameless = come_in(subject="").conversation
    rename(nameless, "Torn bag, third time", by=marisol)

    assert answer(fresh(nameless), by=marisol).subject == ""


def test_nobody_hears_by_our_letter_what_another_called_theirs(tent: Conversation, marisol: Agent) -> None:
    bag = come_in("My bag.", sender=KOFI, subject="Bag")
    to_kofi = answer(bag.conversation, to=[KOFI], by=marisol)
    merge(bag.conversation, tent, marisol)
    page_to = recipients_of(fresh(tent), list(tent.messages.order_by("-at")))[0]

    to_odile = answer(fresh(tent), by=marisol)
    again_to_kofi = answer(fresh(tent), to=[KOFI], by=marisol)

    assert (to_odile.subject, to_odile.in_reply_to) == (
        "Re: Tent",
        tent.messages.get(text="The pole cracked.").message_id,
    )
    assert (again_to_kofi.subject, again_to_kofi.in_reply_to) == ("Re: Bag", to_kofi.message_id)
    assert page_to == [["Odile Fenwick", "odile@fenwick.example"]]


def test_a_subject_without_words_is_refused_in_a_sentence(browser: Client, tent: Conversation) -> None:
    answers = [
        browser.post(reverse("subject", args=[tent.pk]), {"subject": words}) for words in ("", "  \n ", "x" * 301)
    ]

    assert [one.status_code for one in answers] == [422, 422, 422]
    assert answers[1].text.count("A subject needs a few words. The old one stays.") == 1
    assert fresh(tent).subject == "Tent"


def test_one_follows_and_no_longer_and_the_menu_says_so(browser: Client, tent: Conversation, marisol: Agent) -> None:
    pages = [browser.get(url(tent)).text.count("Following")]
    for name in ("following", "following", "following-delete", "following-delete"):
        pages.append(browser.post(reverse(name, args=[tent.pk]), follow=True).text.count("Following"))

    assert pages == [0, 1, 1, 0, 0]
    assert told(tent)[-2:] == ["conversation.followed", "conversation.unfollowed"]
    assert Follow.objects.count() == 0


def test_followers_follow_on(tent: Conversation, refund: Conversation, browser: Client, marisol: Agent) -> None:
    browser.post(reverse("following", args=[refund.pk]))
    row = merge(refund, tent, marisol)
    there = Follow.objects.filter(conversation=tent).count()
    merging.undo_merge(row, by=marisol)

    assert (there, [one.conversation for one in Follow.objects.all()]) == (1, [refund])
