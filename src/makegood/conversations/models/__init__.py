"""The heart: conversations, what a customer can see (messages), what only agents see (notes), and drafts."""

from makegood.conversations.models.answering import AutomaticAnswers
from makegood.conversations.models.conversation import Conversation, Participant, Tag, new_token
from makegood.conversations.models.message import Delivery, Message
from makegood.conversations.models.writing import Attachment, Draft, Note

__all__ = [
    "Attachment", "AutomaticAnswers", "Conversation", "Delivery", "Draft", "Message", "Note", "Participant", "Tag",
    "new_token",
]  # fmt: skip
