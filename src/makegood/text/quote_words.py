"""The words by which mail programs introduce what they quote, in the languages they speak. A table of data.

Everything is case-folded; fields stand without their colon.
"""

from typing import Final


def _words(table: str) -> frozenset[str]:
    return frozenset(word.strip().casefold() for word in table.replace("\n", "|").split("|") if word.strip())


_FROM = """
from|von|de|da|van|fra|från|lähettäjä|od|от|від|od kogo|kimden|gönderen|από|feladó|expeditor|de la|expéditeur
remitente|mittente|remetente|afzender|avsändare|avsender|afsender|absender|nadawca|odesílatel|odosielateľ|отправитель
发件人|寄件者|寄件人|差出人|보낸 사람|보낸사람|発信者|dari|pengirim|từ|người gửi|จาก|מאת|من|no|nuo|saatja|pošiljatelj
"""
_SENT = """
sent|date|sent at|date sent|gesendet|datum|gesendet am
envoyé|envoyé le|date d'envoi|message du|enviado|enviado el|fecha
fecha de envío|enviado em|enviada em|enviada|data|inviato|data invio|verzonden|verzonden op|sendt|dato|sendt den
skickat|skickades|lähetetty|päiväys|päivämäärä|wysłano|wysłane|data wysłania|odesláno|odoslané|dátum|отправлено|дата
дата отправки|надіслано|gönderme tarihi|gönderildi|gönderim tarihi|tarih|στάλθηκε|ημερομηνία|εστάλη|elküldve|küldve
trimis|dată|data trimiterii|发送时间|发送日期|日期|时间|寄件日期|傳送時間|寄件時間|送信日時|日付|日時
보낸 날짜|날짜|작성일|dikirim|tanggal|đã gửi|ngày|วันที่|ส่ง
נשלח|תאריך|تاريخ الإرسال|التاريخ|تم الإرسال|poslano|išsiųsta|nosūtīts|saadetud
"""
_TO = """
to|an|à|a|para|naar|aan|til|till|vastaanottaja|do|komu|кому|kime|alıcı|προς|címzett|către|catre|destinataire
destinatario|destinatário|empfänger|ontvanger|modtager|mottagare
mottaker|adresat|收件人|收件者|宛先|받는 사람|받는사람
kepada|untuk|đến|người nhận|ถึง|אל|إلى|prima|kam|kellele|pro
"""
_COPY = """
cc|bcc|ccn|cci|copie à|copie|kopie|kopie an|cópia|copia|con copia|kopia|kopio|kopi|kopi til|копия|копія|bilgi
másolatot kap|másolat|dw|kópia|抄送|副本|참조
κοινοποίηση|reply-to|antwort an|répondre à|responder a|rispondi a|antwoord aan
importance|wichtigkeit|priorität|priority|priorité|attachments
anlagen|pièces jointes|bijlagen|allegati|adjuntos|anexos
"""
_SUBJECT = """
subject|betreff|betr.|objet|asunto|assunto|oggetto|onderwerp|emne|ämne|aihe|temat|předmět|predmet|тема|konu|θέμα|tárgy
subiect|主题|主旨|件名|제목|subjek|perihal|chủ đề|tiêu đề|หัวเรื่อง|เรื่อง|נושא|الموضوع|tema|teema|zadeva
"""

FIELDS: Final[dict[str, str]] = {
    word: role
    for role, table in (("copy", _COPY), ("to", _TO), ("subject", _SUBJECT), ("sent", _SENT), ("from", _FROM))
    for word in _words(table)
}
"""Field of a quoted message's head → its role: from, sent, to, copy or subject."""

LONGEST_FIELD: Final = max(map(len, FIELDS))

WROTE: Final = _words("""
wrote|writes|schrieb|schrieben|geschrieben|écrit|ecrit|escribió|escribio|escribiste|escreveu|scritto|scrive
schreef|geschreven|verzond|skrev|kirjoitti|napisał|napisała|napisał(a)|napisał/a|napisal|pisze|napsal|napsala|napsal(a)|napísal|napísala
napísal(a)|пише|пишет|написал|написала|написал(а)|написав|написала|написав(ла)|написа|yazdı|έγραψε|írta|scris|napisao
napisala|je napisao|rašė|parašė|rakstīja|kirjutas|menulis|viết|כתב|כתבה|כתב/ה|كتب|escrigué|escribiu|idatzi
""")
"""Verbs that stand alone between blanks."""

WROTE_INSIDE: Final = ("写道", "寫道", "写到", "님이 작성", "작성", "書きました", "のメッセージ", "wrote")
"""Verbs of scripts without blanks."""

QUOTING: Final = ("quoting ", "zitat von ", "citando ", "citation de ", "citando a ", "citato da ", "citaat van ")
"""How web mail programs begin that have no verb at the end; a name and a colon follow."""

PRONOUNS: Final = _words("""
i|you|he|she|we|they|it|who|ich|du|er|sie|wir|ihr|je|tu|il|elle|nous|vous|ils|yo|tú|él|ella|usted|io|lei|lui|voi|ik
jij|u|hij|zij|eu|você|ele|ela|jag|han|hon|vi|ni
my|your|our|his|her|their|mein|meine|dein|ihre|unser|unsere|mes|votre|notre|mi|su|nuestro|mio|suo|vostro|mijn|uw
""")
"""A verb beside one of these was written by a person, not by a program."""

OPENERS: Final = _words("""
on|at|am|le|el|els|il|in|op|em|no|w|dnia|den|på|pe|în|la|v|ve|dne|dňa|dana|u|в|у|на|στις|kl|pada|vào|ngày|在|בתאריך|في
""")
"""First words of a line of attribution; a number follows soon."""

MARKERS: Final = _words("""
original message|original email|original appointment|original mail|forwarded message|forwarded by|reply message
ursprüngliche nachricht|originalnachricht|original-nachricht|ursprüngliche mail|weitergeleitete nachricht
weitergeleitete mail|originale nachricht|urspr. nachricht|message original|message d'origine|message d’origine
message initial|courriel original|message transféré|message transmis|message réexpédié|mail original|e-mail d'origine
mensaje original|mensaje reenviado|correo original|mensagem original|mensagem encaminhada|mensagem reencaminhada
messaggio originale|messaggio inoltrato|oorspronkelijk bericht|origineel bericht|oorspronkelijke bericht
doorgestuurd bericht|original besked|oprindelig besked|oprindelig meddelelse|videresendt besked|videresendt meddelelse
ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande|vidarebefordrat brev|opprinnelig melding
original melding|videresendt melding|alkuperäinen viesti
välitetty viesti|edelleenlähetetty viesti|oryginalna wiadomość
wiadomość oryginalna|wiadomość przekazana|przekazana wiadomość|wiadomość oryginalna|původní zpráva|původní e-mail
přeposlaná zpráva|pôvodná správa|preposlaná správa|eredeti üzenet|továbbított üzenet|mesaj original|mesajul original
mesaj redirecționat|исходное сообщение|оригинальное сообщение|пересылаемое сообщение|пересланное сообщение
первоначальное сообщение|вихідне повідомлення|оригінальне повідомлення|переслане повідомлення|пересланий лист
orijinal mesaj|orijinal ileti|özgün ileti|iletilen mesaj|yönlendirilmiş mesaj|αρχικό μήνυμα|προωθημένο μήνυμα
原始邮件|原邮件|转发邮件|转发的邮件|原始郵件|原始信件|轉寄郵件|元のメッセージ|転送メッセージ|オリジナルメッセージ
원본 메시지|원본 메일|전달된 메시지|pesan asli|pesan terusan
thư gốc|izvorna poruka|izvorno sporočilo|algne sõnum|pradinis laiškas
""")
"""Said between two rows of dashes, above what is quoted or passed on."""

FORWARDS: Final = (
    "begin forwarded message",
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail",
    "début du message réexpédié",
    "début du message transféré",
    "inicio del mensaje reenviado",
    "início da mensagem reencaminhada",
    "início da mensagem encaminhada",
    "inizio messaggio inoltrato",
    "begin doorgestuurd bericht",
    "start på videresendt besked",
    "vidarebefordrat brev",
    "videresendt melding",
    "välitetty viesti alkaa",
    "początek wiadomości przekazanej dalej",
    "začátek přeposlané zprávy",
    "начало переадресованного сообщения",
    "iletilen mesajın başı",
    "下面是被转发的邮件",
    "以下は転送されたメッセージです",
)
"""How lines begin that stand, without dashes, above a message passed on; a colon follows."""

CUT_HERE: Final = frozenset((
    "write above this line",
    "reply above this line",
    "please reply above this line",
    "type your reply above this line",
    "please type your reply above this line",
))  # fmt: skip
"""Said by help desks (the first by Makegood) above the message that they quote, between dashes or hashes."""
