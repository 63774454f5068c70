"""What reporters read, in each language the interface speaks."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """One language. `states` are keyed by the state of a report."""

    thanks: str
    updated: str
    looked_at: str
    states: dict[str, str]


REPORT_TEXTS = {
    "en": ReportTexts(
        thanks="Thank you. Your report went to our team for review.",
        updated="Thank you. Your report was updated; it is with our team for review.",
        looked_at="Thank you. Our team has already looked at this comment under this guideline. "
        "Your report is kept with it.",
        states={
            "open": "It went to our team for review.",
            "upheld": "We looked at the comment and acted on it. Thank you.",
            "dismissed": "We looked at the comment; it keeps to our guidelines.",
            "invalidated": "It was closed without a decision on the comment.",
        },
    ),
    "ga": ReportTexts(
        thanks="Go raibh maith agat. Cuireadh do thuairisc chuig ár bhfoireann "
        "lena hathbhreithniú.",
        updated="Go raibh maith agat. Nuashonraíodh do thuairisc; tá sí ag ár bhfoireann.",
        looked_at="Go raibh maith agat. D'fhéach ár bhfoireann ar an nóta seo cheana faoin "
        "treoirlíne seo. Coinnítear do thuairisc leis.",
        states={
            "open": "Cuireadh chuig ár bhfoireann í lena hathbhreithniú.",
            "upheld": "D'fhéachamar ar an nóta agus ghníomhaíomar. Go raibh maith agat.",
            "dismissed": "D'fhéachamar ar an nóta; tá sé ag teacht lenár dtreoirlínte.",
            "invalidated": "Dúnadh í gan cinneadh ar an nóta.",
        },
    ),
    "de": ReportTexts(
        thanks="Vielen Dank. Ihre Meldung ging zur Prüfung an unser Team.",
        updated="Vielen Dank. Ihre Meldung wurde aktualisiert; sie liegt unserem Team vor.",
        looked_at="Vielen Dank. Unser Team hat diesen Kommentar unter dieser Regel bereits "
        "geprüft. Ihre Meldung bleibt dabei.",
        states={
            "open": "Sie ging zur Prüfung an unser Team.",
            "upheld": "Wir haben den Kommentar geprüft und gehandelt. Vielen Dank.",
            "dismissed": "Wir haben den Kommentar geprüft; er hält unsere Regeln ein.",
            "invalidated": "Sie wurde ohne Entscheidung über den Kommentar geschlossen.",
        },
    ),
    "fr": ReportTexts(
        thanks="Merci. Votre signalement a été transmis à notre équipe pour examen.",
        updated="Merci. Votre signalement a été mis à jour ; notre équipe l'examine.",
        looked_at="Merci. Notre équipe a déjà examiné ce commentaire au regard de cette règle. "
        "Votre signalement y reste joint.",
        states={
            "open": "Il a été transmis à notre équipe pour examen.",
            "upheld": "Nous avons examiné le commentaire et avons agi. Merci.",
            "dismissed": "Nous avons examiné le commentaire ; il respecte nos règles.",
            "invalidated": "Il a été clos sans décision sur le commentaire.",
        },
    ),
    "es": ReportTexts(
        thanks="Gracias. Su aviso ha llegado a nuestro equipo para que lo revise.",
        updated="Gracias. Su aviso se ha actualizado; lo tiene nuestro equipo.",
        looked_at="Gracias. Nuestro equipo ya revisó este comentario respecto de esta norma. "
        "Su aviso queda unido a él.",
        states={
            "open": "Ha llegado a nuestro equipo para que lo revise.",
            "upheld": "Revisamos el comentario y actuamos. Gracias.",
            "dismissed": "Revisamos el comentario; respeta nuestras normas.",
            "invalidated": "Se cerró sin decidir sobre el comentario.",
        },
    ),
}


def report_texts(locale: str | None) -> ReportTexts:
    """The texts for reporters in the nearest language."""
    return REPORT_TEXTS[language_of(locale)]


def language_of(locale: str | None) -> str:
    """The nearest language there are texts in: `fr-BE` → `fr`, else English."""
    tag = (locale or DEFAULT_LANGUAGE).replace("_", "-").partition("-")[0].lower()
    return tag if tag in REPORT_TEXTS else DEFAULT_LANGUAGE
