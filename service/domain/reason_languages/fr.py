"""Statements of reasons in French."""

from __future__ import annotations

from service.domain.automation import AutomatedDecision as Auto
from service.domain.automation import DecisionSource as Source
from service.domain.measure import Measure as M
from service.domain.reason_texts import ReasonTexts

FRENCH = ReasonTexts(
    measures={
        M.REJECT: "Votre commentaire n'a pas été publié.",
        M.REMOVE: "Votre commentaire a été retiré ; personne d'autre ne peut plus le lire.",
        M.HIDE: "Votre commentaire est masqué jusqu'à ce qu'une personne ait tranché.",
        M.DEMOTE: "Votre commentaire est public et apparaît sous les autres commentaires.",
        M.LOCK: "Votre commentaire est public, mais plus personne ne peut répondre dans ce fil.",
        M.LABEL: "Votre commentaire est public et porte une remarque de la rédaction.",
        M.WARN: "Vous recevez un avertissement. Veuillez confirmer que vous l'avez lu avant de "
        "commenter à nouveau.",
        M.PREMODERATE: "Désormais, la modération lit chacun de vos commentaires avant sa "
        "publication.",
        M.SUSPEND: "Votre compte est suspendu : vous pouvez lire, mais pas commenter.",
        M.BAN: "Votre compte ne permet plus de commenter.",
    },
    until="Cette mesure s'applique jusqu'au {date}.",
    no_end="Cette mesure n'a pas de date de fin.",
    everywhere="Elle s'applique dans tous les pays où ce site peut être lu.",
    contractual="Cela enfreint l'article {clause} des règles de la communauté, « {title} » : "
    "{text} Vous avez accepté ces règles en participant.",
    illegal="De plus, nous pensons que c'est contraire à la loi. Le fondement juridique est : "
    "{law}.",
    circumstances={
        Source.RULE: "Un contrôle automatique du texte en est à l'origine ; aucun signalement "
        "d'une autre personne n'a joué de rôle.",
        Source.REPORT: "Des signalements de lecteurs en sont à l'origine. Nous ne disons jamais "
        "qui a signalé.",
        Source.NOTICE: "Une notification indiquant que le contenu pourrait être illégal en est à "
        "l'origine.",
        Source.APPEAL: "Une réclamation contre une décision antérieure en est à l'origine.",
        Source.QA: "Une relecture régulière de décisions antérieures en est à l'origine.",
        Source.LADDER: "Des infractions répétées aux règles en sont la cause, comme les règles le "
        "prévoient.",
        Source.MODERATOR: "La modération l'a relevé de sa propre initiative ; aucun signalement "
        "d'une autre personne n'a joué de rôle.",
    },
    rules="Ces règles de contrôle s'appliquaient au texte : {rules}.",
    found_by_machine="Des moyens automatisés ont servi à le repérer.",
    found_by_people="Aucun moyen automatisé n'a servi à le repérer.",
    decided={
        Auto.FULLY: "La décision a été prise par des moyens automatisés, sans intervention d'une "
        "personne.",
        Auto.PARTIALLY: "Une personne a confirmé ce que des moyens automatisés avaient fait.",
        Auto.NOT: "La décision a été prise par une personne.",
    },
    redress="Vous pouvez contester cette décision gratuitement jusqu'au {date}, ici sur le site. "
    "Une personne qui ne l'a pas prise l'examinera à nouveau. Vous pouvez aussi saisir la "
    "justice.",
    redress_undated="Vous pouvez contester cette décision gratuitement dans un délai de six mois, "
    "ici sur le site. Une personne qui ne l'a pas prise l'examinera à nouveau. Vous pouvez aussi "
    "saisir la justice.",
)
