"""What an author reads when asked to think again, in each language the interface speaks."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.guideline import LocalGuideline
from service.domain.report_texts import language_of


@dataclass(frozen=True, slots=True)
class NudgeTexts:
    """One language. `about` names a clause; `plain` is for a clause that has left the file."""

    about: str
    plain: str


NUDGE_TEXTS = {
    "en": NudgeTexts(
        about="Would you like to read your comment once more before it is public? It may go "
        "against clause {clause} of our guidelines, “{title}”. You can change it, take it back, "
        "or post it as it is.",
        plain="Would you like to read your comment once more before it is public? You can change "
        "it, take it back, or post it as it is.",
    ),
    "ga": NudgeTexts(
        about="Ar mhaith leat do nóta tráchta a léamh arís sula mbeidh sé poiblí? B'fhéidir go "
        "bhfuil sé in aghaidh chlásal {clause} dár dtreoirlínte, “{title}”. Is féidir leat é a "
        "athrú, é a tharraingt siar, nó é a phostáil mar atá.",
        plain="Ar mhaith leat do nóta tráchta a léamh arís sula mbeidh sé poiblí? Is féidir leat "
        "é a athrú, é a tharraingt siar, nó é a phostáil mar atá.",
    ),
    "de": NudgeTexts(
        about="Möchten Sie Ihren Kommentar noch einmal lesen, bevor er öffentlich wird? Er könnte "
        "gegen Punkt {clause} unserer Regeln verstoßen, „{title}“. Sie können ihn ändern, "
        "zurückziehen oder so abschicken, wie er ist.",
        plain="Möchten Sie Ihren Kommentar noch einmal lesen, bevor er öffentlich wird? Sie "
        "können ihn ändern, zurückziehen oder so abschicken, wie er ist.",
    ),
    "fr": NudgeTexts(
        about="Voulez-vous relire votre commentaire avant qu'il soit public ? Il pourrait aller "
        "contre le point {clause} de nos règles, « {title} ». Vous pouvez le modifier, le "
        "retirer ou le publier tel quel.",
        plain="Voulez-vous relire votre commentaire avant qu'il soit public ? Vous pouvez le "
        "modifier, le retirer ou le publier tel quel.",
    ),
    "es": NudgeTexts(
        about="¿Quiere leer otra vez su comentario antes de que sea público? Podría ir contra el "
        "punto {clause} de nuestras normas, «{title}». Puede cambiarlo, retirarlo o publicarlo "
        "tal como está.",
        plain="¿Quiere leer otra vez su comentario antes de que sea público? Puede cambiarlo, "
        "retirarlo o publicarlo tal como está.",
    ),
}


def nudge_message(guideline: LocalGuideline | None, locale: str | None) -> str:
    """The question to the author, in the nearest language."""
    texts = NUDGE_TEXTS[language_of(locale)]
    if guideline is None:
        return texts.plain
    return texts.about.format(clause=guideline.clause, title=guideline.title)
