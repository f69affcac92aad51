"""Codes and links to confirm of other services, and all that only looks like them."""

from __future__ import annotations

import pytest

from makegood.channels.email.parsing.as_json import as_json
from makegood.channels.email.parsing.message import parse
from makegood.channels.email.parsing.tests.generator import Sample, samples
from makegood.channels.email.parsing.tests.mails import bare
from makegood.channels.parser.form import pack, unpack
from makegood.conversations.envelope import Kind

LINK = "https://join.pelican.example/v?t=8f3a"
CODES = [
    ("Your Pelican verification code", "Hello,\n\nYour verification code is: 482913\n\nIt expires in 10 minutes."),
    ("482913 is your Pelican code", "Somebody asked for it. If it was not you, do nothing."),
    ("Pelican confirmation code: KTR-9XQ", "Enter it in the open window."),
    (
        "Sign in to Pelican",
        "Use this one-time password for pelican.example:\n\n  48 29 13\n  482 913\n\nDo not share it.",
    ),
    ("Your Pelican code", "Your Pelican code: 4829"),
    ("Welcome", "Your security code for join.pelican.example (valid for 30 minutes) is\n\nA7K29Q"),
    ("Log in", "Your log-in code is\u00a0P-482913."),
    ("Two-factor", "Your authentication code: 4 8 2 9 1 3"),
    ("Ihr Bestätigungscode", "Guten Tag,\n\nIhr Bestätigungscode lautet: 482913\n\nViele Grüße"),
    ("482913 ist Ihr Pelikan-Code", "Geben Sie ihn niemandem."),
    ("Anmeldung", "Dein Einmalpasswort: 482913. Es gilt zehn Minuten."),
    ("Sicherheitscode", "Der Sicherheitscode für dein Konto ist 482913"),
    ("Votre code de vérification", "Bonjour,\n\nVotre code de vérification est : 482913"),
    ("Connexion", "Voici le code d’authentification : 482 913"),
    ("Accès", "Votre code à usage unique est le suivant : 482913"),
    ("Tu código de verificación", "Hola,\n\nTu código de verificación es: 482913"),
    ("Entrar", "Su código de un solo uso es 482913"),
    ("Je verificatiecode", "Hallo,\n\nJe verificatiecode is: 482913"),
    ("Inloggen", "Uw eenmalige code: 482913"),
    ("Seu código de verificação", "Olá,\n\nSeu código de verificação é 482913"),
    ("Entrar", "Use o código de segurança 482913 para entrar."),
    ("Il tuo codice di verifica", "Ciao,\n\nil tuo codice di verifica è: 482913"),
    ("Accesso", "Ecco il codice monouso per entrare: 482913"),
]
LINKS = [
    ("Confirm your email address", "Thanks for joining Pelican.\n\n{}\n"),
    ("Welcome to Pelican", "To verify your email address, please click this link:\n{}"),
    ("One more step", "Click the button below to activate your account.\n\nActivate\n{}"),
    ("Reset your password", "Somebody asked for a new password.\n\n{}"),
    ("Your sign-in link", "Here is your magic link for Pelican: {}"),
    ("Finish signing up", "Follow the link to complete your registration: {}"),
    ("Email verification", "Please verify your email: {}"),
    (
        "Bitte bestätigen Sie Ihre E-Mail-Adresse",
        "Guten Tag,\n\nhier geht es weiter: {}\n\nBestätigen Sie Ihre E-Mail.",
    ),
    ("Willkommen", "Klicken Sie auf diesen Link, um Ihr Konto zu aktivieren: {}"),
    ("Passwort vergessen", "Über diesen Link können Sie Ihr Passwort zurücksetzen: {}"),
    ("Bienvenue", "Cliquez sur le lien pour confirmer votre adresse e-mail : {}"),
    ("Mot de passe", "Suivez ce lien afin de réinitialiser votre mot de passe : {}"),
    ("Bienvenido", "Haz clic en el enlace para verificar tu cuenta: {}"),
    ("Contraseña", "Pulsa aquí para restablecer tu contraseña: {}"),
    ("Welkom", "Klik op de link om je e-mailadres te bevestigen: {}"),
    ("Welkom", "Bevestig je account via deze knop: {}"),
    ("Bem-vindo", "Clique no link para confirmar o seu e-mail: {}"),
    ("Senha", "Clique aqui para redefinir sua senha: {}"),
    ("Benvenuto", "Clicca sul link per confermare il tuo indirizzo email: {}"),
    ("Password", "Clicca qui per reimpostare la password: {}"),
]
NO_REPLY = [
    "noreply@pelican.example", "no-reply@pelican.example", "No_Reply+x@pelican.example", "do-not-reply@pelican.example",
    "account-security-noreply@pelican.example", "noreply2@pelican.example", "nepasrepondre@pelican.example",
    "nicht-antworten@pelican.example", "nao.responder@pelican.example",
]  # fmt: skip
MACHINES = [
    ("accounts@pelican.example", ""), ("verify@pelican.example", ""), ("security-alerts@pelican.example", ""),
    ("hello@pelican.example", "Auto-Submitted: auto-generated"), ("hello@pelican.example", "Return-Path: <>"),
    ("hello@pelican.example", "List-Unsubscribe: <https://pelican.example/u>"),
]  # fmt: skip
# What a no-reply sender writes, too.
OTHER_MAIL = [
    ("Order confirmation 482913", "Thank you for your order 482913.\n\nSee it here: {}"),
    ("Your order 482913 is confirmed", "Your order number: 482913\nSign in to your account to track it: {}"),
    ("Please confirm your order", "Click here to confirm your order: {}"),
    ("Thank you for shopping with us", "Your customer number is 482913. Visit your account: {}"),
    ("Thank you", "We will never ask for your password or your security code. © 2026 Pelican, 10115 Berlin"),
    ("Your parcel is on its way", "Tracking code: 4829138829\n{}"),
    ("Your parcel is ready", "Your pickup code is 4829. Show it at the counter."),
    ("4829 is your pickup code", "Show it at the counter."),
    ("Your pickup code", "Your pickup code: 4829"),
    ("Delivery today", "Confirm your delivery address by clicking this link: {}"),
    ("Your invoice 2026-4829", "Invoice number: 4829\nAmount: 482,90 EUR\nYour access code for the archive: 482913"),
    ("Booking confirmation", "Your confirmation code: KTR9XQ. Flight 4829 leaves at 10:20."),
    ("10% for you", "Use your discount code SAVE2026 at checkout: {}"),
    ("Newsletter", "News of the week.\n\nUnsubscribe: {}\nManage your account: {}"),
    ("New sign-in to your account", "Somebody signed in on 2026-11-02 at 10:20. Was it not you? Write to us."),
    ("Your monthly report", "4829 visits\n\n482913 pages\n\nRead more: {}"),
    ("Your ticket 482913", "We have received your request 482913 and will answer soon."),
    ("Auftragsbestätigung 482913", "Vielen Dank für Ihre Bestellung 482913.\n{}"),
    ("Ihre Rechnung 4829", "Rechnungsnummer: 482913\nKundennummer: 4829\n{}"),
    ("Ihr Paket ist da", "Ihr Abholcode: 4829"),
    ("Ihre Sendung kommt heute", "Sendungsnummer 482913882. Verfolgen: {}"),
    ("Confirmation de commande 4829", "Merci pour votre commande 482913.\n{}"),
    ("Votre colis", "Votre code de retrait : 4829"),
    ("Tu pedido 4829", "Gracias por tu compra. Número: 482913 {}"),
    ("Bevestiging van je bestelling", "Bestelnummer: 482913 {}"),
    ("Je pakket", "Je afhaalcode: 4829"),
    ("Seu pedido 4829", "Obrigado pela compra. Código de rastreio: 482913 {}"),
    ("Conferma ordine 4829", "Grazie per il tuo ordine 482913 {}"),
    ("Il tuo pacco", "Il tuo codice di ritiro: 4829"),
    ("Contact form: code", "Name: Odile\nMessage: the lamp shows error 4829. Which code do I need?"),
    ("Your review", "How was the lamp? Tell us: {}"),
]  # fmt: skip


def kind_of(subject: str, text: str, *fields: str, sender: str = "noreply@pelican.example") -> Kind:
    head = (f"From: Pelican <{sender}>", "To: help@lamps.example", "Content-Type: text/plain; charset=utf-8")
    return parse(bare(*head, f"Subject: {subject}", *fields, body=text.replace("{}", LINK))).kind


@pytest.mark.parametrize(("subject", "text"), [*CODES, *LINKS])
def test_a_code_or_link_from_a_no_reply_sender_is_a_verification(subject: str, text: str) -> None:
    assert kind_of(subject, text) is Kind.VERIFICATION


@pytest.mark.parametrize("sender", NO_REPLY)
def test_no_reply_is_known_in_its_many_forms(sender: str) -> None:
    assert kind_of(*CODES[0], sender=sender) is Kind.VERIFICATION


@pytest.mark.parametrize(("sender", "field"), MACHINES)
def test_of_another_machine_the_subject_must_say_it_too(sender: str, field: str) -> None:
    fields = (field,) if field else ()

    assert kind_of(*CODES[0], *fields, sender=sender) is Kind.VERIFICATION
    assert kind_of("Hello", CODES[0][1], *fields, sender=sender) is not Kind.VERIFICATION


@pytest.mark.parametrize("submitted", ["auto-generated", "auto-replied"])
def test_a_mail_that_calls_itself_automatic_is_one_all_the_same(submitted: str) -> None:
    assert kind_of(*CODES[0], f"Auto-Submitted: {submitted}") is Kind.VERIFICATION


@pytest.mark.parametrize(("subject", "text"), OTHER_MAIL)
def test_other_mail_of_a_no_reply_sender_is_none(subject: str, text: str) -> None:
    assert kind_of(subject, text) is Kind.MESSAGE


@pytest.mark.parametrize(("subject", "text"), [*CODES, *LINKS])
@pytest.mark.parametrize("prefix", ["", "Fwd: ", "Re: "])
def test_a_person_who_quotes_one_is_a_person(subject: str, text: str, prefix: str) -> None:
    assert kind_of(prefix + subject, f"It does not work:\n\n> {text}", sender="odile@fenwick.example") is Kind.MESSAGE


@pytest.mark.parametrize("sender", ["moreply@pelican.example", "noreplyson@pelican.example", "conny@pelican.example"])
def test_a_name_that_only_looks_like_no_reply_is_a_person(sender: str) -> None:
    assert kind_of(*CODES[0], sender=sender) is Kind.MESSAGE


def test_what_a_customer_writes_in_a_form_is_theirs() -> None:
    reply_to = "Reply-To: odile@fenwick.example"

    assert kind_of("Contact form", "My verification code is 482913 and it fails.", reply_to) is Kind.MESSAGE
    assert kind_of("Contact form", "Your verification code 482913 fails.", reply_to) is Kind.MESSAGE
    assert kind_of(*CODES[0], "Reply-To: help@mail.pelican.example") is Kind.VERIFICATION


def test_a_letter_of_this_program_is_none() -> None:
    ours = f"<{'a' * 32}.{'b' * 32}@pelican.example>"

    assert kind_of(*CODES[0], f"Message-ID: {ours}") is Kind.MESSAGE


def test_a_code_that_only_the_layout_shows_is_found() -> None:
    text = "Please use another program."
    html = "<p>Your <b>verification code</b> is</p><h1>482913</h1>"
    raw = bare(
        "From: noreply@pelican.example", "Subject: Pelican", "MIME-Version: 1.0",
        "Content-Type: multipart/alternative; boundary=a",
        body=f"--a\nContent-Type: text/plain\n\n{text}\n--a\nContent-Type: text/html\n\n{html}\n--a--\n",
    )  # fmt: skip

    assert parse(raw).kind is Kind.VERIFICATION


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_none_of_the_other_samples_is_taken_for_one(sample: Sample) -> None:
    assert parse(sample.content).kind is not Kind.VERIFICATION


@pytest.mark.parametrize(("fields", "kind"), [((), "message"), (("Auto-Submitted: auto-generated",), "auto_reply")])
def test_json_keeps_to_its_list_of_kinds_and_tells_it_beside(fields: tuple[str, ...], kind: str) -> None:
    raw = bare("From: noreply@pelican.example", f"Subject: {CODES[0][0]}", *fields, body=CODES[0][1])
    told = as_json(parse(raw), raw)

    assert (told["kind"], told["verification"], told["auto_reply"]) == (kind, True, kind == "auto_reply")
    assert as_json(parse(bare("From: odile@fenwick.example")), b"")["verification"] is False


def test_it_comes_whole_through_the_parser_process() -> None:
    read = parse(bare("From: noreply@pelican.example", f"Subject: {CODES[0][0]}", body=CODES[0][1]))
    head, files = pack(read)

    assert (unpack(head, b"".join(files)).kind, unpack(head, b"").kind_otherwise) == (Kind.VERIFICATION, Kind.MESSAGE)
