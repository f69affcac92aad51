"""The words of mail servers that send no standard report, in the languages they speak: a table of data.

Each line of a table is part of one regular expression; the gaps in it are bounded, so that its time stays linear.
"""

from __future__ import annotations

import re

_WORDS = {
    "WHO": r"(?:user|recipient|mail ?box|account|address|e-?mail|addressee|customer|name|person|destination|login)",
    "PLACE": r"(?:host|domain|server|mx|dns|name)",
    "NO": r"(?:unknown|no such|invalid|bad|non-?existent|unroute?able|undeliverable|illegal|no (?:valid )?|not a valid"
    r"|not our|wrong|unrecogni[sz]ed|cannot find)",
}


def _alternatives(lines: str) -> re.Pattern[str]:
    pattern = "|".join(line.strip() for line in lines.splitlines() if line.strip())
    return re.compile(re.sub(r"\b(?:WHO|PLACE|NO)\b", lambda word: _WORDS[word.group()], pattern), re.I)


SUBJECTS = _alternatives(r"""
    undeliver(?:ed|able)\b|undelivered mail|returned mail\b|mail returned|return(?:ed|ing) to sender
    delivery (?:status )?notification|delivery (?:has )?fail|delivery (?:report|problem|error|failure)
    failed (?:delivery|mail)|mail failed|fail(?:ed|ure) (?:notice|notification|delivery|to deliver)
    mail delivery (?:failed|failure|system|problem|status|error|report)|mail system error|mail failure
    message (?:status|delivery) ?[-:]? ?(?:undeliver|fail|status)|message (?:could not be|not|was not) deliver
    non[- ]?deliver(?:y|able)|could ?n[o']t (?:be delivered|send message)|unable to deliver|not delivered
    email (?:could )?not (?:be )?deliver|delayed mail|delivery (?:is |has been )?delayed
    warning: (?:message|could not send)|your message (?:could not|was not|has not)|user unknown
    permanent (?:delivery )?(?:failure|error|fail)|\bndn:|\[?postmaster notify|\bdsn\b.*fail
    \bbounced?\b.*(?:mail|message)|nonde?livrable|unzustellbar|nicht zugestellt|zustell(?:ung|fehler|ungsfehler)
    mail nicht zustellbar|übermittlung fehlgeschlagen|non remis|non distribu
    échec (?:de la remise|de la distribution|d'envoi)|impossible de (?:remettre|distribuer)|avis de non[- ]remise
    courrier (?:non|retourné)|no se (?:puede|pudo) entregar|no entregad[oa]|correo devuelto|error de entrega
    notificación de (?:error|estado) de entrega|não (?:entregue|pôde ser)|mensagem (?:não|devolvida)
    falha (?:na|de) entrega|não é possível entregar|non recapit|mancat[ao] (?:recapito|consegna)
    impossibile recapitare|mail non consegnata|onbestelbaar|niet (?:bezorgd|afgeleverd)|kan inte levereras
    går inte att leverera|olevererbar|ikke leveres|kunne ikke leveres|uleverbar|perillesaattamaton
    toimitus epäonnistui|nie (?:można dostarczyć|dostarczono)|niedostarczon|zwrot (?:poczty|przesyłki)|nedoruč
    nelze doručit|kézbesíthetetlen|nelivrat|не доставлен|недоставлен|не удалось доставить|невозможно доставить
    teslim edilemedi|iletilemedi|δεν (?:παραδόθηκε|είναι δυνατή η παράδοση)
    配信(?:不能|エラー|失敗|できません)|送信(?:エラー|失敗)|宛先不明|メール(?:配信|送信)?エラー|退信|退件|未送达|未傳遞|无法(?:投递|送达)|投递失败
    無法傳遞|无法发送|배달되지|전송 ?실패|반송|발송 ?실패|لم يتم تسليم|לא ניתן למסור
""")
"""Subjects of bounces and delay notices."""

SENTENCES = _alternatives(r"""
    this is the (?:qmail-send program|mail (?:system|delivery agent)|postfix program|dragonfly mail agent)
    hi\. this is the|i'm afraid i wasn't able to deliver|i wasn't able to deliver your message
    i'm sorry to have to inform you|message (?:that you sent )?could not be delivered to (?:one or more|all)
    this message was created automatically by (?:the )?mail (?:delivery )?(?:software|system)
    the following addresses? had (?:permanent|transient)|transcript of session follows
    did not reach the following recipient
    delivery to the following recipients? (?:has |have )?(?:failed|been delayed)
    delivery has failed to (?:these|the following) recipient|could not be delivered|could not deliver
    couldn't (?:be delivered|deliver)|cannot (?:be delivered|deliver)|can't (?:be delivered|deliver)
    unable to deliver|was not delivered|has not been (?:delivered|received by)|wasn't delivered
    not able to (?:be )?deliver|undeliverable|delivery (?:attempt )?failed|failed to deliver|failed permanently
    delivery error|permanent (?:fatal )?(?:error|failure)|returned (?:to you|mail|to sender|below)
    recipients? of (?:this|your) (?:e-?mail|message).{0,60}(?:not|fail)
    the following (?:recipient|address|message|user).{0,70}(?:fail|undeliver|error|not |reject|unknown|problem)
    no such (?:user|recipient|mailbox|address)|user (?:is )?unknown|unknown (?:user|recipient|address|local)
    mailbox (?:is )?(?:unavailable|full|not found|does not exist)|addresses? (?:couldn't|could not) be found
    recipient(?:'s)? (?:mailbox|address).{0,40}(?:full|reject|not found|unknown)|over ?quota|address rejected
    (?:error|response) from (?:the )?(?:remote|other) (?:server|host|end)|remote host said|said: [45]\d\d
    <<< [45]\d\d|while talking to|rcpt to:|nicht (?:zugestellt|ausgeliefert|übermittelt) werden
    konnte nicht zugestellt|unzustellbar|n'a (?:pas )?pu être (?:remis|distribu|livr|achemin)
    n'a pas été (?:remis|distribu)|non (?:remis|distribu)|no (?:se )?(?:ha podido|pudo|puede) (?:ser )?entreg
    não (?:pôde|pode|foi) ser entregue|não foi (?:possível )?entreg
    non (?:è stato possibile|ha potuto|può) (?:essere )?(?:recapit|consegn)|non è stat[oa] (?:recapit|consegn)
    kon niet (?:worden )?(?:bezorgd|afgeleverd)|niet worden (?:bezorgd|afgeleverd)|kunde inte levereras
    kunne ikke leveres|nie (?:mog[łl]a|może|zosta[łl]a) (?:być |zostać )?(?:dostarczon|doręczon)|nelze doručit
    nebylo možné doručit|не (?:может|могло|удалось|было) (?:быть )?достав|teslim edilemedi
    (?:お)?(?:届け|配信|配送|送信)(?:でき|することができ|に失敗)
    メールアドレス.{0,20}(?:存在し|見つか|ありません|間違)|宛先.{0,20}(?:見つか|不明|存在し)
    あて先.{0,20}(?:誤|不明|見つか)|無法(?:傳遞|寄達|投遞)|无法(?:投递|送达|递送|发送)|被退回|投递失败
    不存在|전송(?:되지|하지) ?못|배달(?:되지|하지|할 수) ?(?:못|않|없)
""")
"""What such a message says in its text."""

DELAY_SUBJECT = re.compile(
    r"warning\b|delayed\b|delivery delay|mail delay|.{0,80}\(delay(?:ed)?\)|.{0,40}(?:verzögert|retard|遅延|延迟)",
    re.I,
)
"""Subjects of delay notices; further on, the subject of our own mail may stand."""

STILL_TRYING = _alternatives(r"""
    warning message only|do not need to resend|not yet been delivered|will continue to be (?:attempted|tried|made)
    no action is required|delivery attempts will (?:continue|be made)|will keep trying|is still being retried
""")
"""Stands whatever else is said."""

DELAYS = _alternatives(r"""
    delayed|delay\)|not yet been delivered
    will (?:keep trying|continue to (?:try|be)|be retried|try again)|still (?:trying|being retried|undelivered)
    warning message only|warning: could not send|temporary (?:delivery )?(?:failure|problem).{0,80}(?:retr|try)
    you do not need to resend|no action is required|will retry|delivery attempts will continue|verzögert
    noch nicht (?:zugestellt|übermittelt)|retard|pas encore (?:été )?(?:remis|distribu|livr)|aún no (?:se )?ha
    retras(?:o|ado)|atrasad|in ritardo|vertraagd|nog niet (?:bezorgd|afgeleverd)
    opóźnion|задерж|配信(?:が)?遅延|遅れて|延迟
    延遲
""")
"""The server is still trying."""

FINAL = _alternatives(r"""
    permanent|giving up|given up|gave up|no longer (?:be )?(?:try|tried|attempt)|will not (?:be )?(?:retr|try)|final
    failed|too long|expired|aufgegeben|endgültig|définiti
""")
"""The server has given up, whatever else it says."""

REFUSED = _alternatives(r"""
    \bspam|unsolicited|\bvirus|malware|black ?list|block ?list|\brbl\b|dnsbl|spamhaus|barracuda|reputation
    \bdmarc\b|\bspf\b|\bdkim\b|polic(?:y|ies)|sender (?:address )?(?:rejected|denied|verify|not)|sender domain
    domain of sender|unroute?able sender|your (?:ip|host|server|domain)
    \b(?:client|ip|host)\b.{0,60}\b(?:blocked|denied|listed|rejected|refused)|blocked|banned|content (?:rejected|filter)
    message (?:content )?(?:rejected|refused)|relay(?:ing)? (?:access )?(?:denied|not|prohibited)
    not permitted to relay|unable to relay|not allowed|not authori[sz]ed|authentication required|reverse dns
    ptr record|helo|suspicious|prohibited|restricted|permission|権限
""")
"""Who sent it, or what it looks like, was refused: the address may well be alive."""

FOR_NOW = _alternatives(r"""
    (?:mail ?box|inbox|account|quota|storage|disk).{0,60}(?:full|exceed|over|size|limit)
    (?:over|exceed\w*|out of).{0,30}(?:quota|storage|space|disk|limit|mailbox)|quota
    insufficient (?:system )?(?:storage|resources|disk)|not enough (?:storage|space)|too (?:large|big|many)
    size (?:limit|exceed)|exceeds? (?:the )?(?:maximum|size|limit|allowed)|maximum (?:allowed )?(?:message )?size
    disabled|suspended|inactive|deactivated|locked|not active|expired|timed? ?out|time ?out|delivery time|retry time
    too long|deferred|temporar|try again|later|grey ?list|rate limit|throttl
    connection (?:refused|reset|lost|closed|dropped|failed)|could not connect|couldn't connect|unable to connect
    no route to host|network (?:error|unreachable)|not responding|no answer|unreachable|mail (?:loop|loops)
    too many hops|hop count|loop(?:s|ing| detected)|loops? back to|\bbusy\b|system (?:error|failure|not accept)
    internal error|local (?:configuration )?error|configuration (?:error|problem)
    frozen|\brejected\b|denied|forbidden|violation|multiple retries|for (?:a long time|the last \d)|\d attempts
    did not accept (?:our|the)|no access|service (?:not available|unavailable)
    tls|certificate|message (?:too|body|line)|voll\b|überschritten|pleine?\b
    llen[oa]\b|cheia\b|pien[ao]\b|\bvol\b
    przepełnion|переполн|容量|いっぱい|満杯|已满|已滿|가득|초과|受信(?:拒否|を拒否)|拒否|拒收
""")
"""The mailbox or its server is there but could not take it."""

GONE = _alternatives(r"""
    WHO.{0,80}(?:unknown|invalid|incorrect|non-?exist|has moved|deleted|removed|terminated|closed|discontinued)
    WHO.{0,80}(?:unavailable|not available|no longer|wasn't found|could(?:n't| not) be found)
    WHO.{0,80}not (?:be )?(?:found|exist|known|listed|recogni[sz]ed|valid|registered|here|a known|in (?:our|the))
    WHO.{0,80}(?:does|did|do) ?(?:not|n't|nt) (?:exist|have|appear|match)|WHO.{0,80}doesn't (?:exist|have)
    NO.{0,40}WHO|NO.{0,40}(?:host|domain)
    PLACE.{0,60}(?:unknown|not (?:be )?found|no such|nxdomain|could(?:n't| not) be found|non-?exist|not (?:a )?valid)
    PLACE.{0,60}(?:(?:does|did) ?(?:not|n't) (?:exist|resolve)|doesn't exist|lookup (?:fail|error))
    nullmx|null mx|no (?:mx|mail exchanger)|can(?:'|no)t find (?:any )?(?:host|domain)|couldn't find (?:any|a) host
    recipient (?:address )?rejected|address rejected|no mailbox here|no one (?:here )?by that name
    nobody (?:here )?(?:by|with)|does not accept (?:mail|e-?mail|any)|doesn't accept|5\.1\.1\b|5\.1\.10\b
    has (?:moved|left|changed)|no longer (?:available|valid|with|work|employ|in use|active|exists)|left the company
    new (?:e-?mail )?address|address (?:has )?changed
    unbekannt|existiert nicht|nicht (?:gefunden|bekannt|vorhanden)|ungültig|inconnue?
    n'existe pas|introuvable|inexistant|desconocid|no existe|inexistente|desconhecid|não existe
    não (?:foi )?encontrad|sconosciut|non esiste|inesistent|onbekend|bestaat niet|okänd|finns inte|ukendt
    findes ikke|ukjent|finnes ikke|tuntematon|nieznan|nie istnieje|neexist|neznám|ismeretlen|nem létez|necunoscut
    nu există|не существует|неизвест|не найден|не знайден|bulunamadı|mevcut değil|άγνωστ|δεν υπάρχει|見つかり?ま
    存在し(?:ま|な)|ありません|不明|不存在|无此|查无此人|存在しない|없는|존재하지|찾을 수 없
""")
"""There is no such person or place."""

REPLY_PREFIX = re.compile(
    r"\s*(?:re|aw|sv|vs|antw|fw|fwd|wg|tr|rv|i|enc|odp|回复|转发|返信)\s?(?:\[\d+\])?\s?[:：]", re.I
)
"""A person answers or forwards."""

DAEMON = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|post_master|mdaemon|double-bounce|bounces?|daemon|microsoftexchange[0-9a-f]{8,}"
    r"|mail[-_.]?(?:delivery|system|admin(?:istrator)?|master)|system\.?administrator|mmdf|pmdf|dragonfly"
    r"|mailsweeper|mailmarshal|maildelivery|undeliverable|no-?reply-?dsn|ndr|smtpd?)"
    r"(?:[-_+.=].*)?",
    re.I,
)
"""Local parts that mail servers use for themselves."""

DAEMON_NAME = re.compile(
    r"mail(?:er)?[- ]?(?:delivery|daemon)|delivery (?:sub)?system|system administrator|postmaster"
    r"|mail (?:administrator|system|router)|internet mail (?:delivery|service)|microsoft outlook|mail[- ]?gateway"
    r"|dragonfly mail agent|mdaemon",
    re.I,
)
"""Names that they give themselves."""

NO_REPLY = re.compile(r"(?:no|do-?not)[-_.]?reply\b", re.I)

STRONGLY_GONE = re.compile(
    r"user unknown|unknown user|no such user|5\.1\.1\b|does not exist|doesn't exist|user not found", re.I
)
"""Stands even beside the words of a refusal."""

FULL = re.compile(
    r"full\b|quota|disabled|suspended|inactive|over ?limit|exceed|timed? ?out|expired|too large|voll\b|pleine?\b", re.I
)
"""Stands even beside the words of an unknown address."""

COMPLAINT = re.compile(
    r".{0,400}?(?:this is an? (?:email |spam )?(?:abuse|complaint|spam) report|feedback-type: "
    r"|abuse report for an? e?-?mail)",
    re.I | re.S,
)
"""How an abuse report in free text begins."""

COMPLAINT_SUBJECT = re.compile(
    r"\s*(?:complaint about message from|\[?abuse\]? report|email feedback report|fbl:|spam complaint)", re.I
)

RECEIPT_SUBJECT = re.compile(
    r"\s*(?:read|gelesen|lu|leído|lida|letto|gelezen|läst|læst|lest|luettu|przeczytano|přečteno|прочитано|прочтено"
    r"|okundu|已读|已讀|開封済み|읽음|not read|ungelesen|non lu|return receipt|read receipt|lesebestätigung)\s?[:：(]",
    re.I,
)

RECEIPT = re.compile(
    r"was read on|was displayed|return receipt|was deleted|wurde am|gelesen|a été lu|fue leído|è stato letto|开封|開封",
    re.I,
)

QUOTED_ORIGINAL = re.compile(
    r"^(?:-{2,}.{0,60}(?:below this line|copy of|original|message (?:header|follows)|header|unsent message|returned"
    r"|forwarded)|.{0,40}original message(?: header)?s?(?: follows)?|received: |return-path: |x-apparently-to"
    r"|message-id: |mime-version: |原文|オリジナル)",
    re.I | re.M,
)
"""The line where the copy of the returned mail begins."""

LISTED = re.compile(
    r"(?:^[ \t>*-]{0,12}<?|(?:to|recipient|address|user|mailbox|宛先|empfänger|destinataire|destinatario)s?[ \t]{0,4}"
    r"(?:\((?:s|es)\))?[ \t]{0,4}[:=]?[ \t]{0,4}[<\['\"(]?)"
    r"(?:mailto:|rfc822;|smtp:)?([\w.!#$%&*+/=?^`{|}~-]{1,64}@[\w.-]{1,250})",
    re.I | re.M | re.A,
)
"""An address at the place where servers list those they could not reach."""
