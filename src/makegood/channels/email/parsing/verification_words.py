"""What services write when they send a code or a link to confirm: a table of words in seven languages.

English, German, French, Spanish, Dutch, Portuguese, Italian; in lower case, without accents, as `verification` reads
them. A code of parcels, bookings or discounts is none of these.
"""

from __future__ import annotations

import re

# Names of a code that proves who somebody is. They are enough by themselves.
PROVING_CODES = (
    r"(?:verification|security|log-?in|sign-?(?:in|up)|authentication|authori[sz]ation|identity|2fa|two-factor)[ -]"
    r"(?:pass)?(?:code|pin)",
    r"(?:one|single)[ -](?:time|use) (?:pass)?(?:code|word|pin)", r"otp", r"passcode",
    r"(?:verifizierungs|verifikations|sicherheits|anmelde|login|authentifizierungs|identifikations)[ -]?(?:code|pin)",
    r"einmal[ -]?(?:code|pin|passwort|kennwort)",
    r"code (?:de |d')(?:verification|securite|connexion|authentification)",
    r"(?:code|mot de passe) a usage unique", r"code unique",
    r"codigo (?:de )?(?:verificacion|seguridad|inicio de sesion|autenticacion)",
    r"(?:codigo|contrasena|clave) de (?:un solo uso|uso unico)",
    r"(?:verificatie|beveiligings|inlog|authenticatie)[ -]?code", r"(?:eenmalige|eenmalig) (?:code|wachtwoord|"
    r"pincode)",
    r"codigo de (?:verificacao|seguranca|autenticacao|login)",
    r"(?:codigo|senha|palavra-passe) de (?:uso unico|utilizacao unica)",
    r"codice (?:di |d')(?:verifica|sicurezza|autenticazione)", r"(?:codice|password) (?:monouso|usa e getta)",
)  # fmt: skip
# Names that shops and bookings use, too: not in mail about an order.
OTHER_PROVING_CODES = (
    r"(?:confirmation|access|activation|registration|validation) (?:code|pin)",
    r"(?:bestatigungs|zugangs|aktivierungs|freischalt|registrierungs)[ -]?(?:code|pin)",
    r"code (?:de |d')(?:confirmation|validation|activation|acces)",
    r"codigo de (?:confirmacion|acceso|activacion|validacion|confirmacao|acesso|ativacao|validacao)",
    r"(?:bevestigings|toegangs|activerings|activatie)[ -]?code",
    r"codice (?:di |d')(?:conferma|accesso|attivazione|convalida)",
)
ANY_CODE = r"(?:pass)?code|codigo|codice|pin"
YOUR = r"your|ihre?n?|deine?n?|votre|ton|su|tu|uw|je|jouw|(?:o )?seu|(?:o )?teu|il (?:tuo|suo)|here is your"
IS = r"is|ist|lautet|est|es|e"
TRADE_CODES = (
    r"pick-?up|collect\w*|track\w*|discount|promo\w*|coupon|voucher|gift|order|booking|reservation|customer|"
    r"product|postal|"
    r"zip|locker|door|qr|bar|error|abhol\w*|sendung\w*|rabatt\w*|gutschein\w*|bestell\w*|kunden\w*|retrait|suivi|"
    r"reduction|"
    r"cadeau|commande|client|recogida|seguimiento|descuento|regalo|pedido|reserva|afhaal\w*|korting\w*|cadeau\w*|"
    r"bestel\w*|"
    r"levantamento|rastrei\w*|rastream\w*|desconto|encomenda|ritiro|tracciam\w*|sconto|ordine|spedizione"
)
# What mail about trade is called. Beside it only the plainest words count.
TRADE = re.compile(
    r"(?<!\w)(?:(?:your |re-?)?orders?|invoice|receipt|parcel|package|shipments?|shipping|shipped|deliver(?:y|ed)|"
    r"dispatched|booking|"
    r"reservation|flight|ticket|payment|refund|purchase|bestell\w*|auftrag\w*|rechnung\w*|lieferung\w*|sendung\w*|"
    r"paket\w*|"
    r"buchung\w*|zahlung\w*|versand\w*|quittung|commande|facture|colis|livraison|reservation|paiement|"
    r"remboursement|pedido|"
    r"factura|paquete|envio|entrega|reserva|pago|compra|bestelling|factuur|pakket|verzending|levering|boeking|"
    r"betaling|"
    r"fatura|encomenda|pagamento|ordine|fattura|pacco|spedizione|consegna|prenotazione|acquisto)(?!\w)"
)

_MAIL = r"e-?mail(?:s|-?address(?:es)?| address(?:es)?| id)?"
_BETWEEN = r"[^.!?]{0,30}?"
# Somebody is to confirm an address, an account, a new password.
CONFIRM = re.compile(
    r"(?<!\w)(?:"
    + "|".join((
        rf"(?:confirm|verif(?:y|ying)|validat(?:e|ing)|activat(?:e|ing)){_BETWEEN}(?:{_MAIL}|account|registration|"
        rf"sign-?up|subscription"
        r"|identity)(?! (?:details|balance|manager|number))",
        r"(?:complete|completing|finish|finalize) (?:your |the )?(?:registration|sign-?up|account)",
        r"(?:re)?set(?:ting)? (?:your |a |the )?(?:new |account )?password|choose a new password",
        rf"(?:bestatig\w{{1,4}}|verifizier\w{{1,4}}|aktivier\w{{1,4}}){_BETWEEN}(?:e-?mail|mail-?adresse|konto|"
        rf"account|registrierung"
        r"|anmeldung|newsletter|identitat)",
        r"(?:e-?mail(?:-?adresse)?|mail-?adresse|\w{0,8}konto|account|registrierung|anmeldung|"
        r"identitat)[^.!?]{0,20}? (?:zu )?(?:bestatig|"
        r"verifizier|aktivier|freischalt|freizuschalt|abzuschlie|abschlie)",
        r"passw[oö]rt[^.!?]{0,20}?(?:zuruck(?:zu)?setz|neu (?:zu )?(?:setz|vergeb|festleg|festzuleg))",
        rf"(?:confirm|verifi|valid|activ)(?:er|ez|e)(?!\w){_BETWEEN}(?:e-?mail|adresse (?:electronique|mail)|"
        rf"courriel|compte|inscription"
        r"|abonnement|identite)",
        r"(?:finalis|termin)(?:er|ez) (?:votre|ton) inscription|reinitialis\w{1,3} (?:votre|ton|le) mot de passe",
        rf"(?:confirm|verifi[cq]|verifiqu|valid|activ)(?:a|ar|e|en|ue)(?!\w){_BETWEEN}(?:correo|e-?mail|cuenta|"
        rf"registro|inscripcion"
        r"|suscripcion|identidad)",
        r"complet(?:a|ar|e) (?:tu|su|el) registro|restablec\w{1,3} (?:tu|su|la) (?:contrasena|clave)",
        rf"(?:bevestig|verifieer|activeer|valideer)\w{{0,2}}{_BETWEEN}(?:e-?mail(?:adres)?|account|registratie|"
        rf"aanmelding|inschrijving"
        r"|identiteit)",
        r"(?:e-?mailadres|account|registratie|aanmelding|inschrijving|identiteit)[^.!?]{0,20}? te (?:bevestigen|"
        r"verifieren|activeren)",
        r"wachtwoord[^.!?]{0,20}?(?:opnieuw in(?: te)? ?stel|te herstellen|resetten)",
        rf"(?:confirm|verifi[cq]|verifiqu|valid|ativ)(?:e|ar|a|ue)(?!\w){_BETWEEN}(?:e-?mail|conta|cadastro|"
        rf"registr?o|inscricao"
        r"|identidade)",
        r"redefin\w{1,3} (?:a )?(?:sua |tua )?(?:senha|palavra-passe)|recuper\w{1,2} (?:a )?(?:sua )?palavra-passe",
        rf"(?:conferm|verific|convalid|attiv)(?:a|are|i|hi)(?!\w){_BETWEEN}(?:e-?mail|posta|account|registrazione|"
        rf"iscrizione|identita)",
        r"complet(?:a|are|i) la (?:tua )?registrazione|(?:reimpost|ripristin)\w{1,3} (?:la )?(?:tua |sua )?password",
    ))
    + ")"
)  # fmt: skip
# Said beside CONFIRM in one sentence: this is where to do it.
PRESS = (
    r"click|tap|press|follow|link|button|visit|open|use this|klick\w*|folgen|schaltflache|cliqu\w{1,3}|lien|"
    r"bouton|suiv\w{1,3}"
    r"|clic|pulsa|pulse|enlace|boton|klik|knop|clique|clica|botao|ligacao|hiperligacao|clicca|pulsante|"
    r"collegamento|premi"
)
# A link that signs somebody in.
SIGN_IN_LINK = re.compile(
    r"(?<!\w)(?:magic link|(?:sign|log)-?in link|link to (?:sign|log) in|anmelde-?link|login-?link|"
    r"lien de connexion|enlace de (?:acceso"
    r"|inicio de sesion)|inlog-?link|link de (?:acesso|login)|link (?:di accesso|per accedere))(?!\w)"
)
# Nouns of the deed, as they stand in subjects.
DEEDS = re.compile(
    r"(?<!\w)(?:"
    r"e-?mail(?: address)? (?:verification|confirmation|validation)|(?:verification|confirmation|"
    r"validation) of (?:your )?(?:e-?mail|account)"
    r"|account (?:verification|activation|confirmation)|(?:verify|confirm) it's you|password reset|"
    r"(?:registration|subscription) confirmation"
    r"|(?:e-?mail|mail)-?(?:adresse ?)?-?(?:bestatigung|verifizierung)|konto-?(?:aktivierung|bestatigung|"
    r"verifizierung)"
    r"|(?:bestatigung|verifizierung|aktivierung) (?:ihre[rs]|deine[rs]|der|des) (?:e-?mail|mail-?adresse|konto|"
    r"account|registrierung|anmeldung)"
    r"|(?:verification|confirmation|validation|activation) (?:de |d')(?:votre |l'|ton )?(?:adresse (?:e-?mail|"
    r"electronique|mail)|e-?mail|compte"
    r"|inscription)|reinitialisation (?:de |du )(?:votre )?mot de passe"
    r"|(?:verificacion|confirmacion|validacion|activacion) (?:de |del )(?:tu |su |la )?(?:correo|e-?mail|cuenta|"
    r"registro)"
    r"|restablecimiento de (?:la |tu |su )?contrasena"
    r"|(?:bevestiging|verificatie|activering) van (?:je|uw|het) (?:e-?mailadres|account|registratie|aanmelding)"
    r"|(?:e-?mail|account)-?(?:verificatie|bevestiging|activering)|wachtwoordherstel"
    r"|(?:verificacao|confirmacao|validacao|ativacao) (?:de |do |da )(?:seu |sua )?(?:e-?mail|conta|cadastro|"
    r"registr?o)"
    r"|(?:redefinicao|recuperacao) de (?:senha|palavra-passe)"
    r"|(?:verifica|conferma|attivazione) (?:del |dell'|della |di )?(?:tuo |tua |indirizzo )?(?:e-?mail|indirizzo|"
    r"account|registrazione|iscrizione)"
    r"|(?:reimpostazione|ripristino) (?:della )?password"
    r")(?!\w)"
)
