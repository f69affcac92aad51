"""The words of signatures: what telephones and mail programs add by themselves, and how letters close. A table of data.

Everything is case-folded and without punctuation at its end.
"""

from typing import Final


def _phrases(table: str) -> tuple[str, ...]:
    return tuple(phrase.strip().casefold() for phrase in table.replace("\n", "|").split("|") if phrase.strip())


DEVICE_BEGINNINGS: Final = _phrases("""
sent from|sent via|sent with|sent using|get outlook for|get bluemail for|get typeapp for|download outlook for
gesendet von|gesendet mit|gesendet aus|gesendet vom
outlook für|holen sie sich outlook|hol dir outlook|laden sie outlook|verschickt von
envoyé de|envoyé depuis|envoyé à partir|envoyé via|envoyé avec|obtenir outlook|obtenez outlook|télécharger outlook
téléchargez outlook|provenance : courrier|provenance: courrier
enviado desde|enviado con|enviado mediante|obtener outlook|consigue outlook|descargar outlook
enviado do|enviado de|enviado a partir|enviado pelo|enviado via|enviada do|obter o outlook|obtenha o outlook
baixe o outlook
inviato da|inviato dal|inviato con|ottieni outlook|scarica outlook|scaricare outlook
verstuurd vanaf|verzonden vanaf|verzonden via|verzonden met|verstuurd met|verzonden vanuit|verstuurd via|outlook voor
download outlook voor|outlook downloaden
sendt fra|sendt via|hent outlook|få outlook|skickat från|skickades från|skickat med|hämta outlook|skaffa outlook
lähetetty|hanki outlook|wysłane z|wysłano z|wysłane za|pobierz outlook|wysłano za|odesláno z|odesláno ze
poslané z|odoslané z|získat outlook|stáhnout outlook|отправлено с|отправлено из|отправлено со|отправлено через
получить outlook|скачайте outlook|надіслано з|надіслано із|відправлено з|отримати outlook|mobil cihazımdan
στάλθηκε από|αποκτήστε το outlook|trimis de pe|trimis din|obțineți outlook|elküldve|küldve|az outlook
poslano s|poslano z|saadetud|dikirim dari|được gửi từ|gửi từ|nosūtīts no|išsiųsta iš|נשלח מה|נשלח מ
أرسلت من|تم الإرسال من|发自我的|发自|从我的|寄自|從我的
傳送自|下载适用于|来自|iphoneから送信|androidから送信|나의|yahoo mail:
""")
"""How a line begins that a telephone or a mail program writes by itself."""

DEVICES: Final = _phrases("""
iphon|ipad|ipod|apple watch|android|samsung|galaxy|huawei
xiaomi|redmi|oneplus|pixel|nokia|motorola|blackberry|htc|sony
outlook|windows|ios|mac|yahoo|proton|gmail|typeapp|bluemail|spark|fairphone|librem|aqua mail
handy|mobil|mobile|móvil|celular|smartphone|telefon|téléphone|teléfono|telefono|telefoon|puhelim|телефон
tablet|手机|手機|携帯|휴대|华为|小米|三星|gmx|web.de|zoho|thunderbird|laposte|aol|icloud|k-9|fastmail|tutanota|tuta
""")
"""What such a line names: a telephone, a maker, a program."""

OWN: Final = frozenset(
    _phrases("""
my|meinem|meiner|mon|ma|mi|meu|minha|mio|mia|mijn|min|mitt|mit|mojego|mojej|mého|môjho|моего|моей|мого|moja|mog
dal|do|du|il|το|meu|telefonul
""")
)
"""Words by which it says whose."""

DEVICE_ENDINGS: Final = _phrases("""
gesendet|から送信|から送信されました|에서 보냄|에서 보냈습니다|gönderildi|gönderilmiştir|傳送|发送
""")
"""How such a line ends where the verb comes last."""

CLOSINGS: Final = frozenset(
    _phrases("""
regards|best regards|kind regards|kindest regards|warm regards|warmest regards|many regards|with kind regards
with best regards|thanks and regards|thanks & regards|thank you and regards|best wishes|with best wishes|cheers
yours sincerely|yours faithfully|yours truly|rgds|brgds|br
mit freundlichen grüßen|mit freundlichen grüssen|mit freundlichem gruß|mit freundlichem gruss|freundliche grüße
freundliche grüsse|freundlichen gruß|viele grüße|viele grüsse|liebe grüße|liebe grüsse|beste grüße|beste grüsse
schöne grüße|herzliche grüße|herzliche grüsse|mit besten grüßen|mit besten grüssen|mit herzlichen grüßen
mit herzlichen grüssen|besten gruß|viele liebe grüße|hochachtungsvoll|mfg|vg|lg|gruß|gruss|grüße|grüsse
cordialement|bien cordialement|très cordialement|sincères salutations|salutations|meilleures salutations|bien à vous
salutations distinguées|respectueusement|amicalement|bonne journée|bonne soirée|cdlt|cdt|bien à toi
saludos|un saludo|saludos cordiales|atentamente|cordialmente|muchos saludos|un cordial saludo|reciba un cordial saludo
atenciosamente|com os melhores cumprimentos|melhores cumprimentos|cumprimentos|abraços|um abraço|att
cordiali saluti|distinti saluti|saluti|un saluto|un cordiale saluto|con i migliori saluti|buona giornata
met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|groet|groeten|groetjes|mvg
med venlig hilsen|venlig hilsen|mange hilsner|de bedste hilsner|mvh|vh|hilsen|bedste hilsner|kærlig hilsen
med vänlig hälsning|med vänliga hälsningar|vänliga hälsningar|vänligen|hälsningar|vänlig hälsning
med vennlig hilsen|vennlig hilsen|beste hilsen|ystävällisin terveisin|terveisin|parhain terveisin
pozdrawiam|z poważaniem|serdecznie pozdrawiam|pozdrawiam serdecznie|z wyrazami szacunku|z pozdrowieniami
s pozdravem|s přátelským pozdravem|hezký den|s pozdravom|с уважением|всего доброго|с наилучшими пожеланиями
з повагою|з найкращими побажаннями|saygılarımla|saygılarımızla|iyi çalışmalar|με εκτίμηση|φιλικά|cu stimă|cu respect
o zi bună|üdvözlettel|tisztelettel|lep pozdrav|lijep pozdrav|srdačan pozdrav|以上|よろしくお願いいたします|敬具
此致|此致敬礼|祝好|顺祝商祺|hormat kami|trân trọng|בברכה|תודה רבה ובברכה|مع أطيب التحيات|تحياتي
""")
)
"""A whole line by which a letter closes; a name follows. Thanks are no closing: they are said to someone."""

DEVICE_OPENINGS: Final = _phrases("""
von meinem|von meiner|diese nachricht wurde|diese e-mail wurde|diese mail wurde|mobil cihazımdan
""")
"""How lines with such an ending begin when they name no telephone that is known."""

DISCLAIMERS: Final = _phrases("""
this e-mail and any|this email and any|this message and any|this message is confidential|this e-mail is confidential
this email is confidential|confidentiality notice|disclaimer|the information contained in this|the information in this
this message contains confidential|this communication is intended|please consider the environment
diese e-mail enthält|diese nachricht enthält|diese e-mail kann|der inhalt dieser e-mail|vertraulichkeitshinweis
ce message et toutes|ce message est confidentiel|ce courriel et|les informations contenues dans ce
este mensaje y|este mensaje contiene|este correo electrónico|aviso legal|aviso de confidencialidad|esta mensagem
este e-mail|le informazioni contenute in questo|questo messaggio
questa e-mail|dit bericht|deze e-mail|de informatie in
denne e-mail|denne mail|detta meddelande|tämä viesti|niniejsza wiadomość|ta wiadomość|tato zpráva
virus-free|avast|dieses e-mail wurde|diese e-mail wurde von avast|libre de virus|garanti sans virus
""")
"""How a paragraph begins that a company puts under every letter."""

LEGAL: Final = _phrases("""
confidential|intended|privileged|recipient|addressee|prohibited|environment|virus|disclaimer|avast|notice
vertraulich|empfänger|unbefugt|confidentiel|destinataire|confidencial|destinatari|riservat|legal|vertrouwelijk
bestemd|fortrolig|konfidentiel|luottamuksel|poufn|důvěrn
""")
"""Beginnings of words one of which stands in such small print."""
