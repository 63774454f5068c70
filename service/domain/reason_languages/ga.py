"""Statements of reasons in Irish."""

from __future__ import annotations

from service.domain.automation import AutomatedDecision as Auto
from service.domain.automation import DecisionSource as Source
from service.domain.measure import Measure as M
from service.domain.reason_texts import ReasonTexts

IRISH = ReasonTexts(
    measures={
        M.REJECT: "Níor foilsíodh do nóta tráchta.",
        M.REMOVE: "Baineadh do nóta tráchta anuas; ní féidir le duine ar bith eile é a léamh.",
        M.HIDE: "Cuireadh do nóta tráchta i bhfolach go dtí go ndéanfaidh duine cinneadh faoi.",
        M.DEMOTE: "Tá do nóta tráchta poiblí, agus taispeántar faoi bhun nótaí eile é.",
        M.LOCK: "Tá do nóta tráchta poiblí, ach ní féidir freagra a chur leis an snáithe "
        "a thuilleadh.",
        M.LABEL: "Tá do nóta tráchta poiblí, agus tá nóta ón seomra nuachta leis.",
        M.WARN: "Tugtar rabhadh duit. Deimhnigh gur léigh tú é seo sula scríobhann tú arís.",
        M.PREMODERATE: "Feasta léifidh modhnóir gach nóta tráchta uait sula mbeidh sé poiblí.",
        M.SUSPEND: "Tá do chuntas ar fionraí: is féidir leat léamh, ach ní féidir leat scríobh.",
        M.BAN: "Dúnadh do chuntas; ní féidir leat nótaí tráchta a scríobh a thuilleadh.",
    },
    until="Beidh sé seo i bhfeidhm go dtí {date}.",
    no_end="Níl dáta deiridh leis seo.",
    everywhere="Tá feidhm leis i ngach tír inar féidir an suíomh seo a léamh.",
    contractual="Tá sé in aghaidh chlásal {clause} de threoirlínte an phobail, “{title}”: {text} "
    "Ghlac tú leis na treoirlínte sin nuair a ghlac tú páirt.",
    illegal="Ina theannta sin, creidimid go bhfuil sé in aghaidh an dlí. Is é an bunús dlí: {law}.",
    circumstances={
        Source.RULE: "Seiceáil uathoibríoch ar an téacs a tharraing aird air; ní raibh baint ag "
        "tuairisc ná fógra ó dhuine eile leis.",
        Source.REPORT: "Tuairiscí ó léitheoirí a tharraing aird air. Ní deirimid riamh cé a "
        "chuir isteach iad.",
        Source.NOTICE: "Fógra go bhféadfadh an t-ábhar a bheith neamhdhleathach a tharraing "
        "aird air.",
        Source.APPEAL: "Gearán faoi chinneadh roimhe seo a tharraing aird air.",
        Source.QA: "Athbhreithniú rialta ar chinntí roimhe seo a tharraing aird air.",
        Source.LADDER: "Sáruithe arís agus arís eile ar na treoirlínte is cúis leis, mar atá "
        "leagtha síos sna treoirlínte.",
        Source.MODERATOR: "Modhnóir a thug faoi deara é, ar thionscnamh an tseomra nuachta féin; "
        "ní raibh baint ag tuairisc ná fógra ó dhuine eile leis.",
    },
    rules="Bhain na rialacha seo leis an téacs: {rules}.",
    found_by_machine="Baineadh úsáid as modhanna uathoibríocha chun teacht air.",
    found_by_people="Níor baineadh úsáid as modhanna uathoibríocha chun teacht air.",
    decided={
        Auto.FULLY: "Le modhanna uathoibríocha a rinneadh an cinneadh, gan duine ar bith.",
        Auto.PARTIALLY: "Dhaingnigh duine an rud a rinne modhanna uathoibríocha roimhe sin.",
        Auto.NOT: "Duine a rinne an cinneadh.",
    },
    redress="Is féidir leat achomharc a dhéanamh in aghaidh an chinnidh seo go dtí {date}, saor "
    "in aisce, anseo ar an suíomh. Duine nach ndearna an cinneadh a bhreathnóidh arís air. Is "
    "féidir leat dul chun na cúirte freisin.",
    redress_undated="Is féidir leat achomharc a dhéanamh in aghaidh an chinnidh seo laistigh de "
    "shé mhí, saor in aisce, anseo ar an suíomh. Duine nach ndearna an cinneadh a bhreathnóidh "
    "arís air. Is féidir leat dul chun na cúirte freisin.",
)
