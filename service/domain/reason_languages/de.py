"""Statements of reasons in German."""

from __future__ import annotations

from service.domain.automation import AutomatedDecision as Auto
from service.domain.automation import DecisionSource as Source
from service.domain.measure import Measure as M
from service.domain.reason_texts import ReasonTexts

GERMAN = ReasonTexts(
    measures={
        M.REJECT: "Ihr Kommentar wurde nicht veröffentlicht.",
        M.REMOVE: "Ihr Kommentar wurde entfernt; niemand sonst kann ihn mehr lesen.",
        M.HIDE: "Ihr Kommentar wurde verborgen, bis ein Mensch darüber entschieden hat.",
        M.DEMOTE: "Ihr Kommentar ist öffentlich und wird unter anderen Kommentaren angezeigt.",
        M.LOCK: "Ihr Kommentar ist öffentlich; auf diesen Strang kann niemand mehr antworten.",
        M.LABEL: "Ihr Kommentar ist öffentlich und trägt einen Hinweis der Redaktion.",
        M.WARN: "Sie sind verwarnt. Bitte bestätigen Sie vor dem nächsten Kommentar, dass Sie "
        "dies gelesen haben.",
        M.PREMODERATE: "Ab jetzt liest die Moderation jeden Ihrer Kommentare, bevor er "
        "öffentlich wird.",
        M.SUSPEND: "Ihr Konto ist gesperrt: Sie können lesen, aber nicht kommentieren.",
        M.BAN: "Ihr Konto ist für Kommentare geschlossen.",
    },
    until="Das gilt bis zum {date}.",
    no_end="Das gilt ohne Enddatum.",
    everywhere="Es gilt in allen Ländern, in denen diese Website gelesen werden kann.",
    contractual="Es verstößt gegen Punkt {clause} der Kommentarregeln, „{title}“: {text} "
    "Diese Regeln haben Sie mit Ihrer Teilnahme angenommen.",
    illegal="Außerdem halten wir es für rechtswidrig. Die Rechtsgrundlage lautet: {law}.",
    circumstances={
        Source.RULE: "Anlass war eine automatische Prüfung des Textes; keine Meldung durch andere "
        "spielte eine Rolle.",
        Source.REPORT: "Anlass waren Meldungen von Lesern. Wir sagen nie, wer gemeldet hat.",
        Source.NOTICE: "Anlass war ein Hinweis, dass der Inhalt rechtswidrig sein könnte.",
        Source.APPEAL: "Anlass war eine Beschwerde gegen eine frühere Entscheidung.",
        Source.QA: "Anlass war eine regelmäßige zweite Durchsicht früherer Entscheidungen.",
        Source.LADDER: "Anlass waren wiederholte Verstöße gegen die Regeln, wie es die Regeln "
        "vorsehen.",
        Source.MODERATOR: "Die Moderation stieß von sich aus darauf; keine Meldung durch andere "
        "spielte eine Rolle.",
    },
    rules="Auf den Text trafen diese Prüfregeln zu: {rules}.",
    found_by_machine="Zum Auffinden wurden automatisierte Mittel verwendet.",
    found_by_people="Zum Auffinden wurden keine automatisierten Mittel verwendet.",
    decided={
        Auto.FULLY: "Die Entscheidung wurde mit automatisierten Mitteln getroffen, ohne einen "
        "Menschen.",
        Auto.PARTIALLY: "Ein Mensch hat bestätigt, was automatisierte Mittel zuvor getan hatten.",
        Auto.NOT: "Ein Mensch hat die Entscheidung getroffen.",
    },
    redress="Sie können gegen diese Entscheidung bis zum {date} kostenlos hier auf der Website "
    "Beschwerde einlegen. Ein Mensch, der sie nicht getroffen hat, prüft sie erneut. Auch der "
    "Weg zu den Gerichten steht Ihnen offen.",
    redress_undated="Sie können gegen diese Entscheidung innerhalb von sechs Monaten kostenlos "
    "hier auf der Website Beschwerde einlegen. Ein Mensch, der sie nicht getroffen hat, prüft sie "
    "erneut. Auch der Weg zu den Gerichten steht Ihnen offen.",
)
