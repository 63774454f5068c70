"""The words of a digest and of the page that ends it, in each language the interface speaks."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from service.domain.report_texts import language_of

OTHER = "other"


@dataclass(frozen=True, slots=True)
class DigestTexts:
    """One language. `news` is keyed by the kind of a message; OTHER stands for the rest."""

    subject: str
    greeting: str
    news: MappingProxyType[str, str]
    more: str
    read: str
    why: MappingProxyType[str, str]
    stop: str
    page_title: str
    page_question: str
    page_done: str


def digest_texts(locale: str | None) -> tuple[str, DigestTexts]:
    """The nearest language, and the texts in it."""
    language = language_of(locale)
    return language, DIGEST_TEXTS[language]


DIGEST_TEXTS = {
    "en": DigestTexts(
        subject="{site}: news from your conversations",
        greeting="Hello {name}, this is new for you at {site}:",
        news=MappingProxyType(
            {
                "comment.replied": "{who} answered you under “{article}”:",
                "comment.featured": "The newsroom picked your comment under “{article}”.",
                "decision.made": "There is a decision about your comment under “{article}”. "
                "Your own page has the reasons and how to appeal.",
                "decision.reversed": "A decision about your comment under “{article}” was "
                "taken back.",
                "report.outcome": "You reported a comment under “{article}”. {outcome}",
                "appeal.decided": "There is an answer to your appeal.",
                OTHER: "There is a message from the newsroom for you.",
            }
        ),
        more="And {n} more.",
        read="Read it there",
        why=MappingProxyType(
            {
                "daily": "You asked {site} for one e-mail a day at most.",
                "weekly": "You asked {site} for one e-mail a week at most.",
            }
        ),
        stop="No more of these e-mails",
        page_title="E-mails from {site}",
        page_question="Shall {site} send you no more e-mails about your conversations?",
        page_done="Done. You get no more e-mails about your conversations, and your address is "
        "deleted here.",
    ),
    "ga": DigestTexts(
        subject="{site}: scéala ó do chuid comhráite",
        greeting="A {name}, seo atá nua duit ar {site}:",
        news=MappingProxyType(
            {
                "comment.replied": "D'fhreagair {who} thú faoi “{article}”:",
                "comment.featured": "Roghnaigh an seomra nuachta do nóta faoi “{article}”.",
                "decision.made": "Tá cinneadh ann faoi do nóta faoi “{article}”. Tá na cúiseanna "
                "agus an bealach achomhairc ar do leathanach féin.",
                "decision.reversed": "Tarraingíodh siar cinneadh faoi do nóta faoi “{article}”.",
                "report.outcome": "Thuairiscigh tú nóta faoi “{article}”. {outcome}",
                "appeal.decided": "Tá freagra ann ar d'achomharc.",
                OTHER: "Tá teachtaireacht ón seomra nuachta ann duit.",
            }
        ),
        more="Agus {n} eile.",
        read="Léigh ansin é",
        why=MappingProxyType(
            {
                "daily": "D'iarr tú ríomhphost amháin sa lá ar a mhéad ar {site}.",
                "weekly": "D'iarr tú ríomhphost amháin sa tseachtain ar a mhéad ar {site}.",
            }
        ),
        stop="Ná seoltar a leithéid a thuilleadh",
        page_title="Ríomhphoist ó {site}",
        page_question="An stadfaidh {site} de ríomhphoist a chur chugat faoi do chuid comhráite?",
        page_done="Déanta. Ní gheobhaidh tú a thuilleadh ríomhphost faoi do chuid comhráite, agus "
        "scriosadh do sheoladh anseo.",
    ),
    "de": DigestTexts(
        subject="{site}: Neues aus Ihren Gesprächen",
        greeting="Guten Tag {name}, das ist neu für Sie bei {site}:",
        news=MappingProxyType(
            {
                "comment.replied": "{who} hat Ihnen unter „{article}“ geantwortet:",
                "comment.featured": "Die Redaktion hat Ihren Kommentar unter „{article}“ "
                "hervorgehoben.",
                "decision.made": "Es gibt eine Entscheidung zu Ihrem Kommentar unter „{article}“. "
                "Auf Ihrer eigenen Seite stehen die Gründe und wie Sie widersprechen können.",
                "decision.reversed": "Eine Entscheidung zu Ihrem Kommentar unter „{article}“ "
                "wurde zurückgenommen.",
                "report.outcome": "Sie haben einen Kommentar unter „{article}“ gemeldet. {outcome}",
                "appeal.decided": "Es gibt eine Antwort auf Ihren Widerspruch.",
                OTHER: "Es gibt eine Nachricht der Redaktion für Sie.",
            }
        ),
        more="Und {n} weitere.",
        read="Dort lesen",
        why=MappingProxyType(
            {
                "daily": "Sie haben {site} um höchstens eine E-Mail am Tag gebeten.",
                "weekly": "Sie haben {site} um höchstens eine E-Mail in der Woche gebeten.",
            }
        ),
        stop="Keine solchen E-Mails mehr",
        page_title="E-Mails von {site}",
        page_question="Soll {site} Ihnen keine E-Mails mehr zu Ihren Gesprächen schicken?",
        page_done="Erledigt. Sie bekommen keine E-Mails mehr zu Ihren Gesprächen, und Ihre Adresse "
        "ist hier gelöscht.",
    ),
    "fr": DigestTexts(
        subject="{site} : du nouveau dans vos conversations",
        greeting="Bonjour {name}, voici ce qui est nouveau pour vous sur {site} :",
        news=MappingProxyType(
            {
                "comment.replied": "{who} vous a répondu sous « {article} » :",
                "comment.featured": "La rédaction a mis en avant votre commentaire sous "
                "« {article} ».",
                "decision.made": "Une décision a été prise sur votre commentaire sous "
                "« {article} ». Votre page en donne les raisons et la manière de la contester.",
                "decision.reversed": "Une décision sur votre commentaire sous « {article} » a été "
                "retirée.",
                "report.outcome": "Vous avez signalé un commentaire sous « {article} ». {outcome}",
                "appeal.decided": "Votre contestation a reçu une réponse.",
                OTHER: "La rédaction a un message pour vous.",
            }
        ),
        more="Et {n} de plus.",
        read="Lire sur place",
        why=MappingProxyType(
            {
                "daily": "Vous avez demandé à {site} au plus un courriel par jour.",
                "weekly": "Vous avez demandé à {site} au plus un courriel par semaine.",
            }
        ),
        stop="Ne plus recevoir ces courriels",
        page_title="Courriels de {site}",
        page_question="{site} doit-il cesser de vous écrire au sujet de vos conversations ?",
        page_done="C'est fait. Vous ne recevrez plus de courriels sur vos conversations, et votre "
        "adresse est effacée ici.",
    ),
    "es": DigestTexts(
        subject="{site}: novedades de sus conversaciones",
        greeting="Hola, {name}: esto es nuevo para usted en {site}:",
        news=MappingProxyType(
            {
                "comment.replied": "{who} le ha respondido en «{article}»:",
                "comment.featured": "La redacción ha destacado su comentario en «{article}».",
                "decision.made": "Hay una decisión sobre su comentario en «{article}». En su "
                "página están los motivos y cómo recurrirla.",
                "decision.reversed": "Se ha retirado una decisión sobre su comentario en "
                "«{article}».",
                "report.outcome": "Usted avisó de un comentario en «{article}». {outcome}",
                "appeal.decided": "Hay una respuesta a su recurso.",
                OTHER: "La redacción tiene un mensaje para usted.",
            }
        ),
        more="Y {n} más.",
        read="Leerlo allí",
        why=MappingProxyType(
            {
                "daily": "Usted pidió a {site} como mucho un correo al día.",
                "weekly": "Usted pidió a {site} como mucho un correo a la semana.",
            }
        ),
        stop="No recibir más estos correos",
        page_title="Correos de {site}",
        page_question="¿Quiere que {site} deje de escribirle sobre sus conversaciones?",
        page_done="Hecho. Ya no recibirá correos sobre sus conversaciones, y su dirección se ha "
        "borrado aquí.",
    ),
}
