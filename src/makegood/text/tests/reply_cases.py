"""Replies as mail programs write them in many languages, and what a person would keep of each. A table of cases.

`WHOLE` are messages with the reply that is expected; `ATTRIBUTIONS` are lines above a quote, `HEADS` blocks of fields,
`TITLES` lines between dashes, and `DEVICES` what telephones add. Each of the latter is tried in several surroundings.
"""

ATTRIBUTIONS = {
    "english gmail": "On Mon, Nov 3, 2025 at 10:00 AM Odile Fenwick <odile@desk.example> wrote:",
    "english apple": "On 3 Nov 2025, at 10:00, Odile Fenwick <odile@desk.example> wrote:",
    "english thunderbird": "On 11/3/2025 10:00 AM, Odile Fenwick via Desk wrote:",
    "english yahoo": "On Monday, November 3, 2025 at 10:00:00 AM GMT+1, Odile Fenwick <odile@desk.example> wrote:",
    "english old thunderbird": "Odile Fenwick wrote on 03.11.2025 10:00:",
    "english horde": "Quoting Odile Fenwick <odile@desk.example>:",
    "mutt": "* Odile Fenwick <odile@desk.example> [2025-11-03 10:00]:",
    "proton": "On Monday, November 3rd, 2025 at 10:00 AM, Odile Fenwick <odile@desk.example> wrote:",
    "zoho": "---- On Mon, 03 Nov 2025 10:00:00 +0100 Odile Fenwick <odile@desk.example> wrote ----",
    "german gmail": "Am Mo., 3. Nov. 2025 um 10:00 Uhr schrieb Odile Fenwick <odile@desk.example>:",
    "german gmx": "Odile Fenwick <odile@desk.example> schrieb am Mo., 3. Nov. 2025, 10:00:",
    "german thunderbird": "Am 03.11.25 um 10:00 schrieb Odile Fenwick:",
    "german yahoo": (
        "Am Montag, 3. November 2025 um 10:00:00 MEZ hat Odile Fenwick <odile@desk.example> Folgendes geschrieben:"
    ),
    "german horde": "Zitat von Odile Fenwick <odile@desk.example>:",
    "french gmail": "Le lun. 3 nov. 2025 à 10:00, Odile Fenwick <odile@desk.example> a écrit :",
    "french yahoo": "Le lundi 3 novembre 2025 à 10:00:00 UTC+1, Odile Fenwick <odile@desk.example> a écrit :",
    "french thunderbird": "Le 03/11/2025 à 10:00, Odile Fenwick a écrit :",
    "spanish gmail": "El lun, 3 nov 2025 a las 10:00, Odile (<odile@desk.example>) escribió:",
    "spanish yahoo": "El lunes, 3 de noviembre de 2025, 10:00:00 CET, Odile <odile@desk.example> escribió:",
    "portuguese gmail": "Em seg., 3 de nov. de 2025 às 10:00, Odile Fenwick <odile@desk.example> escreveu:",
    "italian gmail": "Il giorno lun 3 nov 2025 alle ore 10:00 Odile Fenwick <odile@desk.example> ha scritto:",
    "italian apple": "Il giorno 3 nov 2025, alle ore 10:00, Odile Fenwick <odile@desk.example> ha scritto:",
    "dutch gmail": "Op ma 3 nov 2025 om 10:00 schreef Odile Fenwick <odile@desk.example>:",
    "dutch apple": "Op 3 nov. 2025, om 10:00 heeft Odile Fenwick <odile@desk.example> het volgende geschreven:",
    "danish gmail": "Den man. 3. nov. 2025 kl. 10.00 skrev Odile Fenwick <odile@desk.example>:",
    "swedish gmail": "Den mån 3 nov. 2025 kl 10:00 skrev Odile Fenwick <odile@desk.example>:",
    "norwegian gmail": "man. 3. nov. 2025 kl. 10:00 skrev Odile Fenwick <odile@desk.example>:",
    "finnish gmail": "ma 3.11.2025 klo 10.00 Odile Fenwick (odile@desk.example) kirjoitti:",
    "polish gmail": "pon., 3 lis 2025 o 10:00 Odile Fenwick <odile@desk.example> napisał(a):",
    "polish thunderbird": "W dniu 3.11.2025 o 10:00, Odile Fenwick pisze:",
    "czech gmail": "po 3. 11. 2025 v 10:00 odesílatel Odile Fenwick <odile@desk.example> napsal:",
    "slovak gmail": "po 3. 11. 2025 o 10:00 Odile Fenwick <odile@desk.example> napísal(a):",
    "hungarian gmail": "Odile Fenwick <odile@desk.example> ezt írta (időpont: 2025. nov. 3., H, 10:00):",
    "hungarian thunderbird": "2025-11-03 10:00 keltezéssel, Odile Fenwick írta:",
    "romanian gmail": "În lun., 3 nov. 2025 la 10:00, Odile Fenwick <odile@desk.example> a scris:",
    "russian gmail": "пн, 3 нояб. 2025 г. в 10:00, Odile Fenwick <odile@desk.example>:",
    "russian apple": "3 нояб. 2025 г., в 10:00, Odile Fenwick <odile@desk.example> написал(а):",
    "ukrainian gmail": "пн, 3 лист. 2025 р. о 10:00 Odile Fenwick <odile@desk.example> пише:",
    "turkish gmail": "Odile Fenwick <odile@desk.example>, 3 Kas 2025 Pzt, 10:00 tarihinde şunu yazdı:",
    "greek gmail": "Στις Δευ 3 Νοε 2025 στις 10:00 π.μ., ο χρήστης Odile <odile@desk.example> έγραψε:",
    "hebrew gmail": "‫בתאריך יום ב׳, 3 בנוב׳ 2025 ב-10:00 מאת ‪Odile Fenwick‬‏ <‪odile@desk.example‬‏>:‬",
    "arabic gmail": "في الاثنين، 3 نوفمبر 2025 في 10:00 تمت كتابة ما يلي بواسطة Odile <odile@desk.example>:",
    "japanese gmail": "2025年11月3日(月) 10:00 Odile Fenwick <odile@desk.example>:",
    "chinese gmail": "Odile Fenwick <odile@desk.example> 于2025年11月3日周一 10:00写道：",
    "chinese apple": "在 2025年11月3日，10:00，Odile Fenwick <odile@desk.example> 写道：",
    "korean gmail": "2025년 11월 3일 (월) 오전 10:00, Odile Fenwick <odile@desk.example>님이 작성:",
    "vietnamese gmail": "Vào Th 2, 3 thg 11, 2025 vào lúc 10:00 Odile <odile@desk.example> đã viết:",
    "indonesian gmail": "Pada Sen, 3 Nov 2025 pukul 10.00 Odile Fenwick <odile@desk.example> menulis:",
}

HEADS = {
    "english": "From: Odile Fenwick <odile@desk.example>\nSent: Monday, November 3, 2025 10:00 AM\nTo: Kerstin Vale\n"
    "Subject: Your order",
    "english bold": (
        "*From:* Odile Fenwick [mailto:odile@desk.example]\n*Sent:* Monday\n*To:* Kerstin\n*Subject:* Order"
    ),
    "english names only": (
        "From: Fenwick, Odile\nSent: Monday, November 3, 2025 10:00 AM\nTo: Vale, Kerstin\nSubject: Order"
    ),
    "english by date": "Date: Mon, 3 Nov 2025 10:00:00 +0100\nFrom: odile@desk.example\nTo: kerstin@home.example\n"
    "Subject: Order",
    "german": "Von: Odile Fenwick <odile@desk.example>\nGesendet: Montag, 3. November 2025 10:00\nAn: Kerstin Vale\n"
    "Betreff: Ihre Bestellung",
    "german gmx": (
        "Gesendet: Montag, 03. November 2025 um 10:00 Uhr\nVon: odile@desk.example\nAn:"
        " kerstin@home.example\n"
        "Betreff: Ihre Bestellung"
    ),
    "french": "De : Odile Fenwick <odile@desk.example>\nEnvoyé : lundi 3 novembre 2025 10:00\nÀ : Kerstin Vale\n"
    "Objet : Votre commande",
    "spanish": "De: Odile Fenwick <odile@desk.example>\nEnviado el: lunes, 3 de noviembre de 2025 10:00\n"
    "Para: Kerstin Vale\nAsunto: Su pedido",
    "portuguese": "De: Odile Fenwick <odile@desk.example>\nEnviada em: segunda-feira, 3 de novembro de 2025 10:00\n"
    "Para: Kerstin Vale\nAssunto: Seu pedido",
    "italian": "Da: Odile Fenwick <odile@desk.example>\nInviato: lunedì 3 novembre 2025 10:00\nA: Kerstin Vale\n"
    "Oggetto: Il suo ordine",
    "dutch": "Van: Odile Fenwick <odile@desk.example>\nVerzonden: maandag 3 november 2025 10:00\nAan: Kerstin Vale\n"
    "Onderwerp: Uw bestelling",
    "danish": "Fra: Odile Fenwick <odile@desk.example>\nSendt: 3. november 2025 10:00\nTil: Kerstin Vale\nEmne: Ordre",
    "swedish": "Från: Odile Fenwick <odile@desk.example>\nSkickat: den 3 november 2025 10:00\nTill: Kerstin Vale\n"
    "Ämne: Order",
    "finnish": "Lähettäjä: Odile Fenwick <odile@desk.example>\nLähetetty: maanantai 3. marraskuuta 2025 10:00\n"
    "Vastaanottaja: Kerstin Vale\nAihe: Tilaus",
    "polish": (
        "Od: Odile Fenwick <odile@desk.example>\nWysłano: poniedziałek, 3 listopada 2025 10:00\nDo: Kerstin"
        " Vale\n"
        "Temat: Zamówienie"
    ),
    "czech": "Od: Odile Fenwick <odile@desk.example>\nOdesláno: pondělí 3. listopadu 2025 10:00\nKomu: Kerstin Vale\n"
    "Předmět: Objednávka",
    "hungarian": (
        "Feladó: Odile Fenwick <odile@desk.example>\nElküldve: 2025. november 3. 10:00\nCímzett: Kerstin"
        " Vale\n"
        "Tárgy: Rendelés"
    ),
    "russian": "От: Odile Fenwick <odile@desk.example>\nОтправлено: 3 ноября 2025 г. 10:00\nКому: Kerstin Vale\n"
    "Тема: Заказ",
    "turkish": "Kimden: Odile Fenwick <odile@desk.example>\nGönderildi: 3 Kasım 2025 Pazartesi 10:00\n"
    "Kime: Kerstin Vale\nKonu: Sipariş",
    "greek": "Από: Odile Fenwick <odile@desk.example>\nΣτάλθηκε: Δευτέρα, 3 Νοεμβρίου 2025 10:00\nΠρος: Kerstin\n"
    "Θέμα: Παραγγελία",
    "japanese": (
        "差出人: Odile Fenwick <odile@desk.example>\n送信日時: 2025年11月3日 10:00\n宛先: Kerstin Vale\n件名: 注文"
    ),
    "chinese": (
        "发件人： Odile Fenwick <odile@desk.example>\n发送时间： 2025年11月3日 10:00\n收件人： Kerstin\n主题： 订单"
    ),
    "korean": (
        "보낸 사람: Odile Fenwick <odile@desk.example>\n보낸 날짜: 2025년 11월 3일\n받는 사람: Kerstin\n제목: 주문"
    ),
}

TITLES = (
    "-----Original Message-----",
    "-------- Original message --------",
    "---------- Forwarded message ---------",
    "-----Ursprüngliche Nachricht-----",
    "-------- Weitergeleitete Nachricht --------",
    "-----Message d'origine-----",
    "-------- Message transféré --------",
    "-----Mensaje original-----",
    "-----Mensagem original-----",
    "-----Messaggio originale-----",
    "-----Oorspronkelijk bericht-----",
    "-----Oprindelig meddelelse-----",
    "-----Ursprungligt meddelande-----",
    "-----Alkuperäinen viesti-----",
    "-----Oryginalna wiadomość-----",
    "-----Původní zpráva-----",
    "-----Исходное сообщение-----",
    "-----Orijinal Mesaj-----",
    "-----原始邮件-----",
    "— Write above this line —",
    "##- Please type your reply above this line -##",
    "Begin forwarded message:",
)

DEVICES = (
    "Sent from my iPhone",
    "Sent from my Pocketwave 7 5G",
    "Sent from Outlook for iOS",
    "Sent from Mail for Windows",
    "Sent from Yahoo Mail on Android",
    "Sent with Proton Mail secure email.",
    "Get Outlook for Android<https://mail.example/android>",
    "Von meinem iPhone gesendet",
    "Gesendet von Outlook für iOS",
    "Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.",
    "Envoyé de mon iPhone",
    "Envoyé à partir de Outlook pour Android",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Sendt fra min iPhone",
    "Skickat från min iPhone",
    "Lähetetty iPhonesta",
    "Wysłane z iPhone'a",
    "Odesláno z iPhonu",
    "Отправлено с iPhone",
    "iPhone'umdan gönderildi",
    "Στάλθηκε από το iPhone μου",
    "iPhoneから送信",
    "发自我的 iPhone",
    "나의 iPhone에서 보냄",
)

QUOTE = "> The teapot left our house\n> on Friday.\n"
BELOW = "The teapot left our house\non Friday.\n"

WHOLE: dict[str, tuple[str, str]] = {
    "nothing quoted": ("The teapot has come.\n\nThank you!", "The teapot has come.\n\nThank you!"),
    "answer below the quote": (
        f"On 3 Nov 2025, at 10:00, Odile Fenwick <odile@desk.example> wrote:\n{QUOTE}\nIt has not come yet.\n",
        "It has not come yet.",
    ),
    "answers between quotes": (
        "Hello Odile,\n\nOn 3 Nov 2025 at 10:00, Odile Fenwick wrote:\n> Did it come?\nNo.\n> Is the address right?\n\n"
        "It is 7 Mill Lane.\n> Shall we send another?\nYes, please.\n",
        "Hello Odile,\n\nNo.\n\nIt is 7 Mill Lane.\nYes, please.",
    ),
    "quote wrapped without marks": (
        "It came.\n\nOn 3 Nov 2025, at 10:00, Odile Fenwick wrote:\n\n"
        "> The teapot which you ordered in the spring has left our house in the\nmorning of Friday.\n> Odile\n",
        "It came.",
    ),
    "signature by mark": ("It came.\n\n-- \nKerstin Vale\n7 Mill Lane\n", "It came."),
    "signature by mark without its blank": ("It came.\n--\nKerstin Vale", "It came."),
    "signature between reply and quote": (
        f"It came.\n\n-- \nKerstin Vale\n\nOn 3 Nov 2025 at 10:00, Odile wrote:\n{QUOTE}",
        "It came.",
    ),
    "signature below the quote": (
        f"It came.\n\nOn 3 Nov 2025 at 10:00, Odile wrote:\n{QUOTE}\n-- \nKerstin Vale\n",
        "It came.",
    ),
    "closing with a card": (
        "It came broken.\n\nKind regards,\nKerstin Vale\nVale & Sons\n+44 20 5550 123",
        "It came broken.",
    ),
    "german closing": ("Die Kanne ist da.\n\nMit freundlichen Grüßen\nKerstin Vale", "Die Kanne ist da."),
    "french closing": ("La théière est arrivée.\n\nCordialement,\n\nKerstin Vale", "La théière est arrivée."),
    "spanish closing": ("Ya llegó la tetera.\n\nSaludos cordiales,\nKerstin", "Ya llegó la tetera."),
    "dutch closing": ("De theepot is er.\n\nMet vriendelijke groet,\nKerstin", "De theepot is er."),
    "closing with a sentence after it": (
        "It came.\n\nRegards,\nKerstin\n\nCan you also tell me when the cups will come?",
        "It came.\n\nRegards,\nKerstin\n\nCan you also tell me when the cups will come?",
    ),
    "closing with a postscript": (
        "It came.\n\nCheers\nKerstin\n\nPS the lid is lovely",
        "It came.\n\nCheers\nKerstin\n\nPS the lid is lovely",
    ),
    "thanks are said to someone": (
        "Please send another.\n\nThanks,\nKerstin",
        "Please send another.\n\nThanks,\nKerstin",
    ),
    "a name after a dash": ("Please send another.\n\n-Kerstin", "Please send another.\n\n-Kerstin"),
    "a list with two dashes": ("I need:\n-- a teapot\n-- two cups\n\nBye", "I need:\n-- a teapot\n-- two cups\n\nBye"),
    "a table with a rule": (
        "Item   Price\n-----------\nTeapot 12.00\nCups   8.00\n\nThis is what I paid for, is it not?",
        "Item   Price\n-----------\nTeapot 12.00\nCups   8.00\n\nThis is what I paid for, is it not?",
    ),
    "a sentence about a desk": ("I saw it.\n\nSent from my desk, which is not a phone, I hope.",) * 2,
    "a sentence about a parcel": ("Sent from your house on Friday it was.\nWhere is it?",) * 2,
    "a sentence that begins with On": ("On the 3rd of November at 10:00 I rang you.\nNobody came.",) * 2,
    "what someone wrote": ("On 3 November you wrote:\nit will come on Friday.\n\nIt did not.",) * 2,
    "times in a list": ("I am at home at these times:\n03.11.2025 10:00\n04.11.2025 11:30\n\nPlease ring.",) * 2,
    "a journey": ("From: Bath\nTo: York\nDate: 3 November\n\nIs a pass cheaper?",) * 2,
    "a form": ("Name: Kerstin Vale\nOrder: 4711\nDate: 3 Nov 2025\n\nIt came broken.",) * 2,
    "a complaint with fields": ("From: Kerstin\nTo: the shop\nSubject: complaint\n\nIt leaks.",) * 2,
    "what a colleague wrote": (
        "Hi\n\nYour colleague Pia Vale wrote on 3.11.2025 10:30:\nit comes on Friday.\n\nNot true.",
    )
    * 2,
    "german: what you wrote": ("Hallo\n\nAm 3.11.2025 um 10:30 schrieben Sie mir:\nes kommt.\n\nDas stimmt nicht.",)
    * 2,
    "french: what you wrote": ("Bonjour\n\nLe 3 novembre 2025 à 10:30 vous avez écrit :\nelle vient.\n\nFaux.",) * 2,
    "a closing that is none": ("Best regards to your colleague!\nShe was very kind to me.\n\nWhen will it come?",) * 2,
    "a title between rules": ("=====\nTea\n=====\nIt came.\nAnd more.",) * 2,
    "small print that is none": ("Hi.\n\nThis message and any photos show the damage. Please look at them.\n\nKerstin",)
    * 2,
    "sent by a brother": ("Inviato da mio fratello lunedì scorso\nNon arriva.",) * 2,
    "sent from a town": ("Enviado de Lisboa por correo certificado el lunes\nNo llega.",) * 2,
    "a program asked for": ("Get Outlook for me please\nmy old one is broken",) * 2,
    "a telephone that cannot order": ("Von meinem Handy aus kann ich nicht bestellen.\nBitte helfen Sie.",) * 2,
    "an address before a colon": ("Please write to kerstin@home.example in 2026 and say:\nI am back.",) * 2,
    "forwarded without a word": (
        "---------- Forwarded message ---------\nFrom: Pia <pia@shop.example>\nSubject: Bill\n\nHere is the bill.",
        "---------- Forwarded message ---------\nFrom: Pia <pia@shop.example>\nSubject: Bill\n\nHere is the bill.",
    ),
    "forwarded with a word": (
        "See below.\n\n---------- Forwarded message ---------\nFrom: Pia <pia@shop.example>\nSubject:"
        " Bill\n\nThe bill.",
        "See below.",
    ),
    "only a telephone's line": (
        "Sent from my iPhone\n\nOn 3 Nov 2025 at 10:00, Odile wrote:\n> Did it come?",
        "Sent from my iPhone",
    ),
    "a telephone's line on top": ("Sent from my iPhone\n\nIt came.", "It came."),
    "only quotes": ("> Did it come?\n", ""),
    "blank": (" \n\t\n", ""),
    "outlook with a rule": (
        "It came.\n________________________________\nFrom: Odile Fenwick <odile@desk.example>\nSent: Monday 10:00\n"
        "To: Kerstin\nSubject: Tea\n\nDid it come?",
        "It came.",
    ),
    "fields lost their line ends": (
        "It came.\n\nFrom: Odile <odile@desk.example> Sent: Monday 10:00 To: Kerstin Subject: Tea\n\nDid it come?",
        "It came.",
    ),
    "field over two lines": (
        "It came.\n\nFrom: Odile Fenwick\n<odile@desk.example>\nSent: Monday 10:00\nTo: Kerstin\nSubject:"
        " Tea\n\nDid it?",
        "It came.",
    ),
    "indented head": (
        "It came.\n\n    From: Odile <odile@desk.example>\n    Sent: Monday\n    Subject: Tea\n\n    Did it come?",
        "It came.",
    ),
    "quoted head": (
        "It came.\n\n> From: Odile <odile@desk.example>\n> Sent: Monday\n> Subject: Tea\n>\n> Did it come?",
        "It came.",
    ),
    "no blank line above": (
        "It came.\nOn 3 Nov 2025, at 10:00, Odile Fenwick <odile@desk.example> wrote:\n> Did it?",
        "It came.",
    ),
    "prose with a number above": (
        "I ordered 2 cups and\n1 teapot in May.\nOn 3 Nov 2025, at 10:00, Odile Fenwick wrote:\n> Did it come?",
        "I ordered 2 cups and\n1 teapot in May.",
    ),
    "address above": (
        "Write to kerstin@home.example\nOn 3 Nov 2025 at 10:00, Odile Fenwick wrote:\n> Where to?",
        "Write to kerstin@home.example",
    ),
    "mailing list footer": (
        "It came.\n\n_______________________________________________\ntea-talk mailing list\ntea-talk@lists.example\n"
        "https://lists.example/tea-talk",
        "It came.",
    ),
    "small print": (
        "It came.\n\nThis e-mail and any attachments are confidential and intended solely for the addressee. If you are"
        " not the addressee you must not copy it.",
        "It came.",
    ),
    "avast": ("It came.\n\nVirus-free.www.scanner.example", "It came."),
    "old line ends": ("It came.\r\n\r\nOn 3 Nov 2025 at 10:00, Odile wrote:\r\n> Did it?\r\n", "It came."),
    "lone carriage returns": ("It came.\r\rOn 3 Nov 2025 at 10:00, Odile wrote:\r> Did it?\r", "It came."),
    "marker below an attribution": (
        "It came.\n\nOn 3 Nov 2025 at 10:00, Odile <odile@desk.example> wrote:\n\n— Write above this line —\n\nDid it?",
        "It came.",
    ),
    "quoted marker": ("It came.\n\n> — Write above this line —\n>\n> Did it?", "It came."),
    "emoji alone": ("👍\n\nOn 3 Nov 2025 at 10:00, Odile <odile@desk.example> wrote:\n> Did it?", "👍"),
    "attribution over five lines": (
        "It came.\n\nOn Monday, November 3,\n2025 at 10:00 AM,\nOdile"
        " Fenwick\n<odile@desk.example>\nwrote:\n\n> Did it?",
        "It came.",
    ),
    "two attributions": (
        "It came.\n\nOn 4 Nov 2025, at 10:00, Pia <pia@shop.example> wrote:\n\nOn 3 Nov 2025, at 09:00,"
        " Odile wrote:\n> Did it?",
        "It came.",
    ),
}
