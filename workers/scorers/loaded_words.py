"""Words a toxicity model reacts to, so that hiding one is worth undoing. Nothing is judged by them.

Stems only: ordinary endings are taken off before a word is looked up.
"""

from __future__ import annotations

# Also the words people put stars in; the commoner one first, because f**k fits several.
SWEAR_WORDS = tuple(
    "fuck fucking fucked fucker fuckers fuckwit shit shite shitty shithead shithole bullshit "
    "bitch bitches bitching cunt cunts ass asses asshole assholes arse arses arsehole "
    "arseholes bastard bastards bollocks dick dicks dickhead cock cocks cocksucker "
    "motherfucker motherfucking pussy pussies wank wanker wankers twat twats prick pricks "
    "slut sluts whore whores hooker faggot faggots fag fags fagot dyke dykes tranny trannies "
    "nigger niggers nigga niggas negro coon coons chink chinks gook gooks kike kikes spic "
    "spics wetback paki pakis pikey pikeys gypo gyppo knacker knackers tinker tinkers raghead "
    "towelhead retard retards retarded tard libtard spastic spaz mong cripple scum scumbag "
    "scumbags jackass dumbass badass jerk jerks jerkoff piss pissed crap crappy damn damned "
    "goddamn hell bloody bugger sod git douche douchebag tosser tossers bellend knob knobhead "
    "muppet gobshite gobshites feck fecking eejit eejits skank tits titties boobs penis "
    "vagina dildo porn cum jizz blowjob anal anus balls rape raped rapist rapists raping pedo "
    "pedos paedo paedos pedophile pedophiles paedophile paedophiles pervert perverts perv "
    "nonce incest bestiality sex sexy nude turd fart poop".split()
)
_INSULTS = (
    "losers racists sexists fascism liars suck sucks sucker suckers sucked idiot idiots "
    "idiotic idiocy moron moronic stupid stupidity dumb imbecile cretin fool foolish dimwit "
    "halfwit nitwit twit simpleton dunce ignorant ignoramus clueless brainless braindead "
    "brainwashed mindless loser pathetic worthless useless disgusting disgrace disgraceful "
    "vile filth filthy garbage trash trashy rubbish vermin rat rats pig pigs swine dog dogs "
    "cow snake ape apes monkey monkeys animal animals parasite parasites leech cockroach "
    "cockroaches maggot maggots subhuman savage savages barbarian thug thugs goon crook "
    "crooks criminal criminals liar lying lie lies fraud coward cowardly hypocrite hypocrisy "
    "hypocritical traitor traitors treason puppet clown clowns joke creep creepy freak weirdo "
    "psycho psychopath sociopath lunatic insane crazy nuts nutter nutcase mental deranged "
    "demented delusional evil wicked sick sicko monster devil satan demon bigot bigoted "
    "racist racism sexist misogynist homophobe xenophobe fascist fascists nazi nazis hitler "
    "commie communist communists terrorist terrorists jihadi ugly fat fatso lazy smelly "
    "stinking stink stinky hate hated hater haters hateful hating hatred despise loathe shame "
    "shameful bully shill troll trolls snowflake sheep sheeple peasant scab cancer plague "
    "disease virus poison toxic inferior infest invade invasion invaders".split()
)
_VIOLENCE = (
    "kill killed killer killing murder murdered murderer die died dead death deathly execute "
    "execution hang hanged lynch lynched shoot shot stab stabbed stabbing behead beheaded "
    "slaughter butcher burn burned burnt bomb bombs bombed beat beaten beating punch kick "
    "smash choke strangle drown torture tortured mutilate castrate gas exterminate "
    "extermination eradicate annihilate destroy deport deported genocide holocaust suicide "
    "hurt harm attack threat threaten gun guns knife bullet rope noose acid throat throats "
    "blood violence violent war".split()
)
_GROUPS = (
    "woman women girl girls female females feminist feminists man men boy male gay gays homo "
    "homos homosexual homosexuals lesbian lesbians queer queers trans transgender transsexual "
    "black blacks white whites asian asians african africans arab arabs muslim muslims moslem "
    "islam islamic jew jews jewish zionist christian christians catholic catholics protestant "
    "protestants hindu sikh immigrant immigrants migrant migrants refugee refugees foreigner "
    "foreigners alien aliens gypsy gypsies gipsy roma traveller travellers mexican mexicans "
    "chinese indian indians pakistani polish irish english british brits brit french german "
    "american americans russian israeli palestinian nigerian somali syrian brazilian romanian "
    "disabled handicapped autistic deaf blind people person liberal liberals leftist lefties "
    "conservative conservatives republican democrat politician politicians".split()
)

LOADED_WORDS = frozenset((*SWEAR_WORDS, *_INSULTS, *_VIOLENCE, *_GROUPS))
