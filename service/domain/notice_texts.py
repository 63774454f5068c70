"""What the senders of notices of illegal content read, in each language the interface speaks."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.report_texts import language_of


@dataclass(frozen=True, slots=True)
class NoticeTexts:
    """One language. `receipt` takes {reference}, {received} and {due}; both are UTC times."""

    receipt: str
    automation: str
    redress: str
    states: dict[str, str]


NOTICE_TEXTS = {
    "en": NoticeTexts(
        receipt="We received your notice {reference} on {received}. A person looks at it, at the "
        "latest by {due}, and you are told what was decided and why. Keep the reference and the "
        "secret: together they open this page.",
        automation="A person decides. Software only put the notice in order of urgency.",
        redress="If you disagree you may ask us for another decision within six months, free of "
        "charge; somebody else will take it. You may also go to court at any time.",
        states={
            "open": "It waits for a decision.",
            "upheld": "We acted on the content.",
            "dismissed": "We left the content as it is.",
        },
    ),
    "ga": NoticeTexts(
        receipt="Fuaireamar d'fhógra {reference} ar {received}. Féachfaidh duine air faoi {due} ar "
        "a dhéanaí, agus cuirfear an cinneadh agus an chúis in iúl duit. Coinnigh an tagairt agus "
        "an rún: osclaíonn siad an leathanach seo le chéile.",
        automation="Duine a dhéanann an cinneadh. Níor dhein bogearraí ach an t-ord práinne.",
        redress="Mura n-aontaíonn tú, is féidir leat cinneadh eile a iarraidh orainn saor in aisce "
        "laistigh de shé mhí; duine eile a dhéanfaidh é. Is féidir dul chun na cúirte freisin am "
        "ar bith.",
        states={
            "open": "Tá sé ag fanacht le cinneadh.",
            "upheld": "Ghníomhaíomar maidir leis an ábhar.",
            "dismissed": "D'fhágamar an t-ábhar mar atá.",
        },
    ),
    "de": NoticeTexts(
        receipt="Wir haben Ihre Meldung {reference} am {received} erhalten. Ein Mensch sieht sie "
        "spätestens bis {due} an; Sie erfahren, was entschieden wurde und warum. Bewahren Sie "
        "Zeichen und Geheimnis auf: Beide zusammen öffnen diese Seite.",
        automation="Ein Mensch entscheidet. Software hat nur die Dringlichkeit geordnet.",
        redress="Sind Sie nicht einverstanden, können Sie binnen sechs Monaten kostenlos eine neue "
        "Entscheidung verlangen; jemand anderes trifft sie. Der Weg zu den Gerichten steht Ihnen "
        "jederzeit offen.",
        states={
            "open": "Sie wartet auf eine Entscheidung.",
            "upheld": "Wir haben gegen den Inhalt gehandelt.",
            "dismissed": "Wir haben den Inhalt belassen.",
        },
    ),
    "fr": NoticeTexts(
        receipt="Nous avons reçu votre notification {reference} le {received}. Une personne "
        "l'examine au plus tard le {due} ; la décision et ses motifs vous seront communiqués. "
        "Conservez la référence et le secret : ensemble, ils ouvrent cette page.",
        automation="Une personne décide. Un logiciel n'a fait que classer par urgence.",
        redress="En cas de désaccord, vous pouvez nous demander gratuitement une nouvelle décision "
        "dans les six mois ; une autre personne la prendra. Vous pouvez aussi saisir la justice à "
        "tout moment.",
        states={
            "open": "Elle attend une décision.",
            "upheld": "Nous avons agi sur le contenu.",
            "dismissed": "Nous avons laissé le contenu en l'état.",
        },
    ),
    "es": NoticeTexts(
        receipt="Recibimos su notificación {reference} el {received}. Una persona la examina a más "
        "tardar el {due} y se le comunicará qué se decidió y por qué. Guarde la referencia y el "
        "secreto: juntos abren esta página.",
        automation="Decide una persona. El programa solo ordenó por urgencia.",
        redress="Si no está de acuerdo puede pedirnos gratis otra decisión en seis meses; la "
        "tomará otra persona. También puede acudir a los tribunales en cualquier momento.",
        states={
            "open": "Espera una decisión.",
            "upheld": "Actuamos sobre el contenido.",
            "dismissed": "Dejamos el contenido como está.",
        },
    ),
}


def notice_texts(locale: str | None) -> NoticeTexts:
    """The texts for notifiers in the nearest language."""
    return NOTICE_TEXTS[language_of(locale)]
