"""Made-up conversations in bulk, for trying and measuring: in the same tables and index as real ones, but faster."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction

from makegood.agents.models import Agent
from makegood.clock.now import now
from makegood.contacts.models import Contact, Handle
from makegood.conversations import sentences
from makegood.conversations.models import Conversation, Message, Participant
from makegood.conversations.preview import line_of
from makegood.errors import Refused
from makegood.inboxes.models import Inbox
from makegood.search.engines import Place, Row, engine
from makegood.search.index import document_id
from makegood.search.words import fold, indexed, tokens

AT_ONCE = 2000  # conversations in one transaction
PER_CUSTOMER = 3
OPEN_SHARE = 0.06
SPAN = timedelta(days=3 * 365)
RARE_CONVERSATIONS = 5


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its words and stems as the index wants them, so that a million messages need no stemming."""

    text: str
    words: str
    stems: str

    @classmethod
    def of(cls, text: str) -> Sentence:
        words, stems = indexed(text, "en")
        return cls(text, words, fold(stems))


@dataclass(slots=True)
class Letter:
    """One message to be, and what the index gets of it."""

    message: Message
    words: str
    stems: str
    sender: str


class Seed:
    """The same number gives the same conversations."""

    def __init__(self, number: int, inboxes: Sequence[Inbox], agents: Sequence[Agent]) -> None:
        self.dice = random.Random(number)  # noqa: S311
        self.inboxes, self.agents, self.end = list(inboxes), list(agents), now()
        self.theirs = [Sentence.of(text) for text in sentences.THEIRS]
        self.ours = [Sentence.of(text) for text in sentences.OURS]
        self.subjects = {text: Sentence.of(text) for text in sentences.SUBJECTS}
        self.common, self.rare = Sentence.of(sentences.COMMON), Sentence.of(sentences.RARE)

    def contact(self, number: int) -> tuple[Contact, Handle]:
        """A customer and their address."""
        first, last = self.dice.choice(sentences.FIRST), self.dice.choice(sentences.LAST)
        contact = Contact(name=f"{first} {last}")
        address = f"{first}.{last}.{number}@post.example".lower()
        return contact, Handle(kind=Handle.EMAIL, value=address)

    def conversation(self, at: datetime, contact: Contact) -> Conversation:
        """Without its letters yet."""
        is_open = self.dice.random() < OPEN_SHARE
        agent = self.dice.choice(self.agents) if self.agents and self.dice.random() < 0.7 else None
        return Conversation(
            inbox=self.dice.choice(self.inboxes),
            contact=contact,
            subject=self.dice.choice(sentences.SUBJECTS),
            status=Conversation.OPEN if is_open else Conversation.CLOSED,
            assignee=agent,
            created_at=at,
            last_at=at,
        )

    def letters(self, conversation: Conversation, address: str, count: int, *, rare: bool) -> Iterator[Letter]:
        """Theirs and ours by turns; the conversation's last line and times follow."""
        at, common = conversation.created_at, self.dice.random() < 0.3
        for number in range(count):
            is_ours = bool(number % 2)
            chosen = self.dice.sample(self.ours if is_ours else self.theirs, self.dice.randint(3, 6))
            if not number:
                chosen += [self.common] * common + [self.rare] * rare
            letter = self._letter(conversation, chosen, at, address, is_ours=is_ours)
            conversation.last_at, conversation.last_line = at, line_of(letter.message.text)
            conversation.waiting_since = None if is_ours or conversation.status == Conversation.CLOSED else at
            at += timedelta(minutes=self.dice.randint(5, 60 * 30))
            yield letter

    def _letter(
        self, conversation: Conversation, chosen: list[Sentence], at: datetime, address: str, *, is_ours: bool
    ) -> Letter:
        subject = self.subjects[conversation.subject]
        inbox, agent = conversation.inbox, conversation.assignee
        name, email = (inbox.name, inbox.address) if is_ours else (conversation.contact.name, address)
        message = Message(
            inbox=inbox,
            direction=Message.OUT if is_ours else Message.IN,
            state=Message.SENT if is_ours else "",
            key=uuid.UUID(int=self.dice.getrandbits(128), version=4),
            contact=None if is_ours else conversation.contact,
            agent=agent if is_ours else None,
            raw_id=0 if is_ours else None,  # it came from nowhere: no outbox row is missed
            from_name=name,
            from_email=email,
            to=[[conversation.contact.name, address]] if is_ours else [["", inbox.address]],
            subject=conversation.subject,
            text=" ".join(sentence.text for sentence in chosen),
            message_id=f"<{self.dice.getrandbits(64):x}@seed.example>",
            identity="" if is_ours else "claimed",
            at=at,
        )
        words = " ".join([subject.words, *(sentence.words for sentence in chosen)])
        stems = " ".join([subject.stems, *(sentence.stems for sentence in chosen)])
        return Letter(message, words, stems, f"{name} {email}")


def seed(conversations: int, messages: int, *, tell: Callable[[int, int], None], number: int = 1) -> None:
    """Fill; refuses where a real inbox is, since made-up customers must never mix with real ones."""
    ours = {f"{name.lower()}@quillfeather.example": name for name in ("Care", "Returns", "Workshop")}
    if any(inbox.settings or inbox.address not in ours for inbox in Inbox.objects.all()):
        raise Refused(
            "There is a real inbox here. Seed an empty data folder: MAKEGOOD_DATA=/some/where makegood seed …"
        )
    inboxes = [
        Inbox.objects.get_or_create(channel="email", address=address, defaults={"name": name})[0]
        for address, name in ours.items()
    ]
    source = Seed(number, inboxes, list(Agent.objects.active()))
    begin, step = now() - SPAN, SPAN / max(conversations, 1)
    people: list[tuple[Contact, Handle]] = []
    done = 0
    for numbers in batched(range(conversations), AT_ONCE):
        with transaction.atomic():
            people = _people(source, numbers[0], len(numbers) // PER_CUSTOMER + 1)
            letters = _conversations(source, numbers, people, begin, step, conversations, messages)
            _index(letters)
        done += len(letters)
        tell(done, messages)


def _people(source: Seed, first: int, count: int) -> list[tuple[Contact, Handle]]:
    people = [source.contact(first + number) for number in range(count)]
    Contact.objects.bulk_create(contact for contact, _ in people)
    for contact, handle in people:
        handle.contact = contact
    Handle.objects.bulk_create(handle for _, handle in people)
    return people


def _conversations(
    source: Seed,
    numbers: Sequence[int],
    people: list[tuple[Contact, Handle]],
    begin: datetime,
    step: timedelta,
    conversations: int,
    messages: int,
) -> list[Letter]:
    made: list[tuple[Conversation, list[Letter], str]] = []
    for number in numbers:
        contact, handle = source.dice.choice(people)
        conversation = source.conversation(begin + step * number, contact)
        count = messages * (number + 1) // conversations - messages * number // conversations
        rare = conversations - number <= RARE_CONVERSATIONS
        letters = list(source.letters(conversation, handle.value, max(count, 1), rare=rare))
        made.append((conversation, letters, handle.value))
    Conversation.objects.bulk_create((conversation for conversation, _, _ in made), batch_size=500)
    for conversation, letters, _ in made:
        for letter in letters:
            letter.message.conversation = conversation
    Participant.objects.bulk_create(
        (Participant(conversation=conversation, email=address) for conversation, _, address in made), batch_size=5000
    )
    every = [letter for _, letters, _ in made for letter in letters]
    Message.objects.bulk_create((letter.message for letter in every), batch_size=500)
    return every


def _index(letters: list[Letter]) -> None:
    """As `search.index.add` would, with words that are known already."""
    found: list[tuple[Place, Row]] = []
    for letter in letters:
        message = letter.message
        id_ = document_id(message.at, message.pk)
        to = " ".join(tokens(" ".join(message.to[0])))
        place = (id_, "message", message.pk, message.conversation_id, message.inbox_id)
        found.append((place, (id_, " ".join(tokens(letter.sender)), to, "", letter.words, letter.stems)))
    found.sort()
    engine().add([place for place, _ in found], [row for _, row in found])
