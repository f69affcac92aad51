"""Domains that many people have their mailbox at: an inbox there does not make everybody at it a colleague."""

SHARED = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "outlook.de", "hotmail.com", "hotmail.de", "hotmail.fr",
    "hotmail.co.uk", "live.com", "live.de", "msn.com", "yahoo.com", "ymail.com", "yahoo.co.uk", "yahoo.fr",
    "yahoo.de", "yahoo.es", "yahoo.it", "icloud.com", "me.com", "mac.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch",
    "gmx.com", "web.de", "t-online.de", "freenet.de", "arcor.de", "fastmail.com", "fastmail.fm", "mailbox.org",
    "posteo.de", "posteo.net", "proton.me", "protonmail.com", "pm.me", "tutanota.com", "tuta.io", "orange.fr",
    "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "libero.it", "virgilio.it", "yandex.com", "yandex.ru",
    "mail.ru", "zoho.com", "aol.com", "mail.com", "bluewin.ch", "btinternet.com", "comcast.net", "verizon.net",
    "att.net", "telenet.be", "skynet.be", "ziggo.nl", "kpnmail.nl", "wp.pl", "o2.pl", "onet.pl", "seznam.cz",
    "centrum.cz", "qq.com", "163.com", "126.com", "naver.com", "daum.net", "hanmail.net", "rediffmail.com",
    "uol.com.br", "bol.com.br", "terra.com.br",
})  # fmt: skip
