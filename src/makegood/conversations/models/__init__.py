"""The heart: conversations, what a customer can see (messages), what only agents see (notes), and drafts."""

from makegood.conversations.models.answering import AutomaticAnswers
from makegood.conversations.models.conversation import Conversation, Participant, Tag, new_token
from makegood.conversations.models.message import Delivery, Message
from makegood.conversations.models.regrouping import Follow, Merge, Parted, Split
from makegood.conversations.models.writing import Attachment, Draft, Note

__all__ = [
    "Attachment", "AutomaticAnswers", "Conversation", "Delivery", "Draft", "Follow", "Merge", "Message", "Note",
    "Parted", "Participant", "Split", "Tag", "new_token",
]  # fmt: skip
