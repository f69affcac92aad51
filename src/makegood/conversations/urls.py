"""Addresses of conversations: nouns, with POST to give and …/delete to take away (forms know no DELETE)."""

from __future__ import annotations

from django.urls import path

from makegood.conversations.views import (
    beginnings,
    bodies,
    conversations,
    customers,
    drafts,
    follows,
    hints,
    mergers,
    moves,
    replies,
    searches,
    shelves,
    sorting,
    splits,
    subjects,
)

urlpatterns = [
    path("search", searches.index, name="search"),
    path("conversations", shelves.index, name="conversations"),
    path("conversations/new", beginnings.create, name="conversation-new"),
    path("conversations/<int:number>", conversations.show, name="conversation"),
    path("conversations/<int:number>/replies", replies.create, name="replies"),
    path("conversations/<int:number>/replies/<int:message>/undo", replies.destroy, name="reply-undo"),
    path("conversations/<int:number>/messages/<int:message>/forward", replies.forwarded, name="forward"),
    path("conversations/<int:number>/draft/<uuid:key>/<uuid:file>/delete", replies.detach_file, name="draft-file"),
    path("conversations/<int:number>/draft", drafts.update, name="draft"),
    path("conversations/<int:number>/assignment", sorting.assign, name="assignment"),
    path("conversations/<int:number>/closure", sorting.close, name="closure"),
    path("conversations/<int:number>/closure/delete", sorting.reopen, name="closure-delete"),
    path("conversations/<int:number>/snooze", sorting.snooze, name="snooze"),
    path("conversations/<int:number>/tags", sorting.tag, name="tags"),
    path("conversations/<int:number>/tags/<int:tag>/delete", sorting.untag, name="tag-delete"),
    path("conversations/<int:number>/spam", sorting.mark_spam, name="spam"),
    path("conversations/<int:number>/spam/delete", sorting.clear_of_spam, name="spam-delete"),
    path("conversations/<int:number>/release", sorting.release, name="release"),
    path("conversations/<int:number>/mergers", mergers.create, name="mergers"),
    path("conversations/<int:number>/mergers/<int:merge>/delete", mergers.destroy, name="merger-delete"),
    path("conversations/<int:number>/messages/<int:message>/split", splits.create, name="split"),
    path("conversations/<int:number>/splits/<int:split>/delete", splits.destroy, name="split-delete"),
    path("conversations/<int:number>/hint/delete", hints.destroy, name="hint-delete"),
    path("conversations/<int:number>/move", moves.create, name="move"),
    path("conversations/<int:number>/subject", subjects.update, name="subject"),
    path("conversations/<int:number>/following", follows.create, name="following"),
    path("conversations/<int:number>/following/delete", follows.destroy, name="following-delete"),
    path("conversations/<int:number>/block", customers.block, name="block"),
    path("conversations/<int:number>/block/delete", customers.unblock, name="block-delete"),
    path("conversations/<int:number>/forwarder", customers.speak_for_customers, name="forwarder"),
    path("conversations/<int:number>/forwarder/delete", customers.speak_for_itself, name="forwarder-delete"),
    path("messages/<int:message>/body", bodies.body, name="message-body"),
    path("files/<uuid:key>", bodies.file, name="file"),
]
