"""Word lists of the reader: common English, other languages, filler, and words that look like drugs."""

from __future__ import annotations


def bag(words: str) -> frozenset[str]:
    """The words of a block of text."""
    return frozenset(words.split())


ENGLISH = bag(
    """
    a about after again ago all almost along also although always am an and another any anything are
    around as at back be because been before began between bit both but by came can cannot cant come
    comes could day days did didnt do does doesnt doing dont down during each eight either evening
    ever every everyone everything feel feels few first five for four from get gets getting goes
    going got had has have he her here hes him his hour hours how however i if im in into is isnt it
    its ive just keep keeps known last left like little long lot lots made mainly make man may me
    might minute minutes month months more morning most mostly much must my myself near never night
    nine no nobody normal not nothing notice noticed now of off often old on one only or other our
    out over own part past patient per pretty quite rather really right said same says see seen
    seven she shes should shows side since six small so some someone something sometimes started
    still stopped such take takes taking ten than that thats the their them then there these they
    thing things this those though three through time times to today told tonight too two under
    until up us usually very was way we week weeks well went were what whats when whenever where
    whether which while who why will with within without woman wont would year years yesterday yet
    you your
    """
)
"""Words that say that a text is English and nothing more."""

FOREIGN: dict[str, frozenset[str]] = {
    "German": bag("""
        auch auf bei das dem den der die ein eine er fur für habe hat ich im ist mein meine mit
        nicht seit sich sie und von wenn wir zu zuckt
    """),
    "French": bag("""
        ai au aux avec dans depuis des du elle est et il jai je la le les ma mais mes mon ne ou pas
        que qui sur un une
    """),
    "Spanish": bag("""
        al con de del desde el en es hace la las lo los me mi mis muy no pero por que se tengo un
        una y yo
    """),
    "Italian": bag("""
        al che con da del della di e gli ho il in io la le ma mi mia mio non per si sono un una è
    """),
    "Portuguese": bag("as com da de desde do e em eu mas me meu minha nao não o os que um uma é"),
    "Dutch": bag("bij dat een en heb het hij ik is maar met mijn niet ook op sinds van zij"),
}
"""The commonest words of other languages."""

FILLER = bag(
    """
    medication medications medicine medicines
    abnormal admission admitted advice african american anyone asian better black blood case
    caucasian cause caused causes chinese clinic complaining complains daily department describes
    doctor doctors doing driver electrical electromyography else emergency engineer european exam
    examination examined experience experienced farmer fine found gp gradually happen happening
    happens healthy hello help hey hi hispanic history home hospital hours idea imaging increased
    increasing indian internet investigation investigations japanese job known korean laboratory
    lasted lasting lasts lived lives living markedly married medical mild minutes moderate month
    muscle muscles normal nurse officer okay online otherwise outpatient please police presented
    presents previously progressive progressively question race read referred regards reported
    reports result results retired revealed reveals scan scans seconds severe severely showed slight
    slightly slowly sorry student studies study suddenly symptom symptoms teacher test testing tests
    thank thanks ward week white wondering worker working works worse year
    drug drugs pills tablets spell spells episode episodes attack attacks moment moments lasts
    confirmed sample second seconds spread spreads tasks limited complaints complaint including
    followed similar family trouble condition unremarkable several somewhere somehow whole kept
    start starts stays stay gone goes really anyway etc basically honestly lol tbh idk btw
    """
)
"""Words of a case that hold nothing to be understood by themselves."""

NOT_DRUGS = bag(
    """
    tablet tablets capsule capsules pills puffs drops tabs dose doses
    activate alcohol alone alternate anyone appetite beside bone caffeine calculate chocolate
    cholesterol climate clone cocaine control date decide decline done estimate evaluate everyone
    examine exercise fine gone guide gymnasium hesitate imagine immediate indicate inside
    intermediate investigate irritate late latrine line machine medicine mine moderate nicotine nine
    none online opine outside phone pine plate private protocol provide rate ride rotate routine
    school sedate separate side skate slide someone spine stadium state stone table time tone
    ultimate undulate urine vaccine wate wide wine zone
    """
)
"""Words that end like a drug and are none."""

DRUG_ENDINGS = tuple(
    sorted(
        bag(
            """
    afil artan ate azole bamate barbital cillin dipine etine gliflozin gliptin ide ine ium lam mab
    mycin nib ol one oxacin pam parin pine prazole pril setron statin tidine toin triptan vir xaban
    zosin
    """
        )
    )
)
