"""The small company that the demo shows: its people, and a week of letters that came in the way real ones do."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from hashlib import sha256

from makegood.agents.actions.joining import create_first_admin
from makegood.agents.models import Agent, Role, Team
from makegood.channels.email.parsing.message import parse
from makegood.channels.intake import Arriving, take_in
from makegood.channels.models import RawMessage
from makegood.channels.parser.process import with_inline_images
from makegood.clock.now import now
from makegood.conversations.actions import assigning, closing, noting, receiving, replying, tagging
from makegood.conversations.envelope import Address, Raw
from makegood.conversations.models import Conversation, Delivery, Message
from makegood.inboxes.models import Inbox

INBOX = "hello@quillfeather.example"
# Hours ago, from, subject, words; a further letter of the same subject and sender answers the first.
LETTERS = (
    (150, "Greta Moonstone", "Jacket repair", "It feels like a new jacket. Bless you all."),
    (75, "Hanneke Vos-Lind", "The zip of my rucksack", "No rush at all, Friday is fine for me."),
    (52, "Bartholomew Krill", "Return label", "I would like to send the stove back. Where do I get the label?"),
    (30, "Anselm Okoro-Dune", "Refund", "Thanks, I will look at my bank tonight."),
    (26, "Kofi Larkspur", "Moss or rust?", "Moss or rust? My partner says rust. Do you have photos in daylight?"),
    (5, "Odile Fenwick", "Cracked tent pole, trip on Saturday", "Hello, the main pole of my Heron 2 cracked on its very"
     " first night out. I have photos. We leave for the coast on Saturday morning and I am honestly worried we will"
     " have no tent."),
    (3, "Saoirse Tallow", "Third time I ask", "Third time I’ve asked. Is anyone there?"),
    (2, "Ione Cassavet", "Shipping", "Do you ship the Heron 3 to Iceland?"),
    (1, "Bartholomew Krill", "Return label", "Any news on the label? The shop closes at six."),
)  # fmt: skip

ANSWER = (
    "Thank you for telling us, Odile. I’ve set a new pole aside with your name on it and asked our courier about Friday"
    " delivery. I’ll call you by 3 today with their answer, whichever way it goes."
)


def furnish(email: str, password: str) -> None:
    """Into an empty house."""
    marisol = create_first_admin(email=email, name="Marisol Quint", password=password, company="Quillfeather")
    jonas = Agent.objects.create(email="jonas@quillfeather.example", name="Jonas Pell", role=Role.AGENT)
    ines = Agent.objects.create(email="ines@quillfeather.example", name="Ines Brandt", role=Role.LEAD)
    Agent.objects.create(email="teodor@quillfeather.example", name="Teodor Vance", role=Role.LIGHT)
    care = Team.objects.create(name="Care")
    care.members.set([marisol, jonas, ines])
    inbox = Inbox.objects.create(name="Care", address=INBOX, team=care, sender_name="Quillfeather")
    Inbox.objects.create(name="Workshop", address="workshop@quillfeather.example", sender_name="Quillfeather workshop")
    for hours, name, subject, words in LETTERS:
        _letter(inbox, name, subject, words, now() - timedelta(hours=hours))
    _week(marisol, jonas)


def _letter(inbox: Inbox, name: str, subject: str, words: str, at: datetime) -> None:
    """Through the same door as any other mail."""
    address = f"{name.split()[0].lower()}@{name.split()[-1].lower().replace('-', '')}.example"
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{name} <{address}>", INBOX
    first = Message.objects.filter(subject=subject, from_email=address).first()
    mail["Subject"] = f"Re: {subject}" if first else subject
    mail["Message-ID"] = f"<{sha256(words.encode()).hexdigest()[:16]}@{address.partition('@')[2]}>"
    if first:
        mail["In-Reply-To"] = mail["References"] = first.message_id
    mail.set_content(words)
    content = mail.as_bytes()
    (raw_id,) = take_in([Arriving(inbox, Raw(f"demo:{mail['Message-ID']}", content, at))])
    incoming = with_inline_images(parse(content, received_at=at))
    arrival = receiving.Arrival(inbox, raw_id, sha256(content).hexdigest(), at)
    message = receiving.receive(incoming, arrival)
    RawMessage.objects.filter(pk=raw_id).update(state=RawMessage.READ, message_id=message.pk)


def _week(marisol: Agent, jonas: Agent) -> None:
    """What the team did with them."""
    by_subject = {conversation.subject: conversation for conversation in Conversation.objects.all()}
    tent = by_subject["Cracked tent pole, trip on Saturday"]
    assigning.assign(tent, to=marisol, by=marisol)
    _answer(tent, ANSWER, by=marisol)
    noting.write_note(
        tent, "Courier says yes to Friday before noon, €18. It fits the goodwill budget, so no need to ask anyone.",
        key=replying.Letter(text="", to=[]).key, by=jonas,
    )  # fmt: skip
    tagging.tag(tent, "repair", by=marisol)
    assigning.assign(by_subject["Return label"], to=jonas, by=marisol)
    assigning.assign(by_subject["Refund"], to=marisol, by=marisol)
    closing.close(by_subject["Jacket repair"], by=marisol)
    closing.snooze(by_subject["The zip of my rucksack"], until=now() + timedelta(days=1), by=jonas)


def _answer(conversation: Conversation, text: str, by: Agent) -> None:
    """As if it had left: the demo has no server to send through."""
    to = [Address(conversation.contact.name, conversation.participants.all()[0].email)]
    message = replying.reply(conversation, replying.Letter(text=text, to=to), by=by)
    Message.objects.filter(pk=message.pk).update(state=Message.SENT, raw_id=0, at=now() - timedelta(hours=4))
    Delivery.objects.create(message=message, recipient=to[0].email, state=Message.SENT, at=now())
