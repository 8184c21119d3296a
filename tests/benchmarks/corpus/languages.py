"""Instructions in eleven languages that are not English, each an opening and what it is about."""

from __future__ import annotations

import itertools

# Language: openings, what may follow each of them, the mark at the end.
PIECES: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "es": (
        (
            "Explícame con palabras sencillas",
            "Escribe un texto breve sobre",
            "Dame tres consejos sobre",
            "Cuéntame algo de",
        ),
        (
            "la fotosíntesis de las plantas",
            "el mar y la luna",
            "cómo ahorrar dinero en casa",
            "la historia de los trenes",
            "el cuidado de un perro pequeño",
            "la vida en una ciudad antigua",
        ),
        ".",
    ),
    "fr": (
        (
            "Explique-moi simplement",
            "Écris un court texte sur",
            "Donne-moi trois conseils pour comprendre",
            "Parle-moi de",
        ),
        (
            "la photosynthèse des plantes",
            "la mer et la lune",
            "la façon d'économiser l'eau à la maison",
            "l'histoire des chemins de fer",
            "les soins à donner à un petit chien",
            "la vie dans une vieille ville",
        ),
        ".",
    ),
    "de": (
        (
            "Erkläre mir bitte in einfachen Worten",
            "Schreibe einen kurzen Text über",
            "Gib mir drei Ratschläge für",
            "Erzähl mir von",
        ),
        (
            "die Photosynthese der Pflanzen",
            "das Meer und den Mond",
            "das Sparen von Wasser im Haushalt",
            "die Geschichte der Eisenbahn",
            "die Pflege eines kleinen Hundes",
            "das Leben in einer alten Stadt",
        ),
        ".",
    ),
    "it": (
        (
            "Spiegami con parole semplici",
            "Scrivi un breve testo su",
            "Dammi tre consigli riguardo a",
            "Raccontami qualcosa su",
        ),
        (
            "come crescono le piante in giardino",
            "quello che succede quando piove sul mare",
            "come risparmiare acqua in casa",
            "perché i treni hanno cambiato il mondo",
            "come si cura un cane piccolo",
            "che cosa mangiavano gli antichi romani",
        ),
        ".",
    ),
    "pt": (
        (
            "Explique com palavras simples",
            "Escreva um texto curto sobre",
            "Dê-me três conselhos sobre",
            "Conte-me uma história sobre",
        ),
        (
            "a fotossíntese das plantas",
            "o mar e a lua cheia",
            "como poupar água em casa",
            "a história dos comboios",
            "os cuidados com um cão pequeno",
            "a vida numa cidade antiga",
        ),
        ".",
    ),
    "nl": (
        (
            "Leg me in eenvoudige woorden uit",
            "Schrijf een korte tekst over",
            "Geef me drie adviezen over",
            "Vertel me iets over",
        ),
        (
            "de groei van planten in de tuin",
            "de zee en de maan",
            "het besparen van water in huis",
            "de geschiedenis van de spoorwegen",
            "de verzorging van een kleine hond",
            "het leven in een oude stad",
        ),
        ".",
    ),
    "pl": (
        (
            "Wyjaśnij mi prostymi słowami",
            "Napisz krótki tekst na temat",
            "Daj mi trzy rady dotyczące",
            "Opowiedz mi o tym",
        ),
        (
            "jak rosną rośliny w ogrodzie",
            "co dzieje się z morzem w nocy",
            "w jaki sposób oszczędzać wodę w domu",
            "skąd wzięły się pierwsze pociągi",
            "jak opiekować się małym psem",
            "jak żyło się w starym mieście",
        ),
        ".",
    ),
    "tr": (
        ("Bana basit kelimelerle anlat", "Kısa bir yazı yaz", "Bana üç öneri ver", "Bana bir hikaye anlat"),
        (
            "bitkiler bahçede nasıl büyür",
            "deniz ve ay hakkında",
            "evde su nasıl tasarruf edilir",
            "trenlerin tarihi üzerine",
            "küçük bir köpeğe nasıl bakılır",
            "eski bir şehirde yaşam hakkında",
        ),
        ".",
    ),
    "vi": (
        (
            "Hãy giải thích cho tôi bằng lời đơn giản",
            "Viết một đoạn văn ngắn về",
            "Cho tôi ba lời khuyên về",
            "Kể cho tôi nghe về",
        ),
        (
            "cách cây cối lớn lên trong vườn",
            "biển cả và mặt trăng",
            "cách tiết kiệm nước ở nhà",
            "lịch sử của đường sắt",
            "cách chăm sóc một con chó nhỏ",
            "cuộc sống trong thành phố cổ",
        ),
        ".",
    ),
    "ru": (
        (
            "Объясни мне простыми словами",
            "Напиши короткий текст о том",
            "Дай мне три совета о том",
            "Расскажи мне о том",
        ),
        (
            "как растут растения в саду",
            "как море меняется ночью",
            "как экономить воду дома",
            "откуда взялись первые поезда",
            "как ухаживать за маленькой собакой",
            "как жили люди в старом городе",
        ),
        ".",
    ),
    "zh": (
        ("请用简单的话解释一下", "写一篇短文介绍", "给我三条关于这个的建议:", "请给我讲一讲"),
        (
            "植物是怎样进行光合作用的",
            "大海和月亮的故事",
            "怎样在家里节约用水",
            "铁路的历史",
            "怎样照顾一只小狗",
            "古城里人们的生活",
        ),
        "。",
    ),
}


def sentences() -> dict[str, list[str]]:
    """Every opening with everything that may follow it, by language."""
    return {
        language: [
            f"{opening} {about}{mark}".replace(" ", "" if language == "zh" else " ")
            for opening, about in itertools.product(openings, topics)
        ]
        for language, (openings, topics, mark) in PIECES.items()
    }
