"""The words of automatic answers, with times in the language that they are written in."""

from __future__ import annotations

from datetime import datetime

from django.conf.locale import LANG_INFO
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.agents.queries import hours_of, house_name
from makegood.clock.hours import Hours
from makegood.clock.now import now
from makegood.conversations.models import Conversation, Message
from makegood.inboxes.models import Inbox
from makegood.standards.models import ReadyAnswer
from makegood.standards.queries import answers_of, target_for
from makegood.standards.ready_answers import Occasion, filled, fitting, named_in, occasions_at
from makegood.standards.reckoning import reckon
from makegood.text.language import LANGUAGES, guess


def occasion_words() -> dict[str, str]:
    """When an answer goes out; the most general first."""
    return {
        Occasion.RECEIVED: _("a letter has come"),
        Occasion.CLOSED: _("it came when nobody works"),
        Occasion.HOLIDAY: _("it came on a day off that has a name"),
    }


def languages() -> list[tuple[str, str]]:
    """Those in which a letter can be recognised, by their own names."""
    known = [(code, LANG_INFO[code]["name_local"]) for code in LANGUAGES if "name_local" in LANG_INFO.get(code, {})]
    return sorted(known, key=lambda pair: pair[1].casefold())


def words_for(message: Message) -> str:
    """What this letter is answered by itself; empty for nothing."""
    answers = answers_of(message.inbox_id)
    if not answers:
        return ""
    hours = hours_of(message.conversation.team_id)
    language = guess(message.reply_text or message.text)
    answer = fitting(answers, occasions_at(message.at, hours), language)
    return written_out(answer, message.inbox, message.conversation.team_id, hours, message.at) if answer else ""


def written_out(answer: ReadyAnswer, inbox: Inbox, team_id: int | None, hours: Hours, at: datetime) -> str:
    """The words for a letter that came then; empty where they name a time and none is due, or it has passed by now."""
    with override(answer.language or guess(answer.words) or "en"):
        known = _known(inbox, team_id, hours, at)
    return filled(answer.words, known) if named_in(answer.words) & {"due", "opens", "holiday"} <= set(known) else ""


def _known(inbox: Inbox, team_id: int | None, hours: Hours, at: datetime) -> dict[str, str]:
    reckoned = reckon(at, target_for(inbox.pk, team_id, Conversation.FIRST), hours)
    times = {"due": reckoned and reckoned.due_at, "opens": hours.opens(at)}
    known = {name: _moment(moment, hours) for name, moment in times.items() if moment and moment > now()}
    if name := hours.off.get(hours.day_of(at)):
        known["holiday"] = name
    return known | {"shop": house_name() or inbox.name}


def _moment(moment: datetime, hours: Hours) -> str:
    """With the day in full, and by whose clock: the customer may be anywhere."""
    local = moment.astimezone(hours.zone)
    place = hours.zone.key.rpartition("/")[2].replace("_", " ")
    written = formats.date_format(local, _("l j F, H:i"))
    return f"{written} ({place})"
