"""Statements of reasons in Spanish."""

from __future__ import annotations

from service.domain.automation import AutomatedDecision as Auto
from service.domain.automation import DecisionSource as Source
from service.domain.measure import Measure as M
from service.domain.reason_texts import ReasonTexts

SPANISH = ReasonTexts(
    measures={
        M.REJECT: "Su comentario no se ha publicado.",
        M.REMOVE: "Su comentario se ha retirado; nadie más puede leerlo.",
        M.HIDE: "Su comentario está oculto hasta que una persona decida sobre él.",
        M.DEMOTE: "Su comentario es público y aparece por debajo de otros comentarios.",
        M.LOCK: "Su comentario es público, pero ya nadie puede responder en este hilo.",
        M.LABEL: "Su comentario es público y lleva una nota de la redacción.",
        M.WARN: "Recibe una advertencia. Confirme que la ha leído antes de volver a comentar.",
        M.PREMODERATE: "Desde ahora la moderación lee cada comentario suyo antes de publicarlo.",
        M.SUSPEND: "Su cuenta está suspendida: puede leer, pero no comentar.",
        M.BAN: "Su cuenta ya no permite comentar.",
    },
    until="Esta medida rige hasta el {date}.",
    no_end="Esta medida no tiene fecha de fin.",
    everywhere="Se aplica en todos los países donde puede leerse este sitio.",
    contractual="Infringe el punto {clause} de las normas de la comunidad, «{title}»: {text} "
    "Usted aceptó estas normas al participar.",
    illegal="Además, creemos que es contrario a la ley. El fundamento jurídico es: {law}.",
    circumstances={
        Source.RULE: "Lo detectó una revisión automática del texto; no influyó ningún aviso de "
        "otra persona.",
        Source.REPORT: "Lo motivaron avisos de lectores. Nunca decimos quién avisó.",
        Source.NOTICE: "Lo motivó una notificación de que el contenido podría ser ilegal.",
        Source.APPEAL: "Lo motivó una reclamación contra una decisión anterior.",
        Source.QA: "Lo motivó una segunda revisión periódica de decisiones anteriores.",
        Source.LADDER: "Lo motivaron infracciones repetidas de las normas, tal como estas prevén.",
        Source.MODERATOR: "La moderación lo advirtió por iniciativa propia; no influyó ningún "
        "aviso de otra persona.",
    },
    rules="Al texto se le aplicaban estas reglas: {rules}.",
    found_by_machine="Se usaron medios automatizados para encontrarlo.",
    found_by_people="No se usaron medios automatizados para encontrarlo.",
    decided={
        Auto.FULLY: "La decisión se tomó por medios automatizados, sin intervención de personas.",
        Auto.PARTIALLY: "Una persona confirmó lo que antes habían hecho medios automatizados.",
        Auto.NOT: "La decisión la tomó una persona.",
    },
    redress="Puede recurrir esta decisión gratis hasta el {date}, aquí en el sitio. La examinará "
    "de nuevo una persona que no la tomó. También puede acudir a los tribunales.",
    redress_undated="Puede recurrir esta decisión gratis en un plazo de seis meses, aquí en el "
    "sitio. La examinará de nuevo una persona que no la tomó. También puede acudir a los "
    "tribunales.",
)
