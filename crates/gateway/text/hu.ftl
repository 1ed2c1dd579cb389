# The page of a refusal that is made before any page of ours is asked
misdirected-heading = Ezen a címen nincs oldalunk
misdirected-advice = Nézze meg a böngésző címsorát. Ha egy hivatkozás hozta ide, kezdje újra annál a szolgáltatásnál, amelyet használni szeretne.
too-large-heading = Túl sok adat érkezett
too-large-advice = Lépjen vissza, és küldjön kevesebbet. Amit korábban elmentett, megvan.
too-slow-heading = Túl lassan érkezett meg az adat
too-slow-advice = Nézze meg, jó-e az internetkapcsolata, és küldje el újra. Amit korábban elmentett, megvan.
ours-heading = Nálunk történt hiba
ours-advice = Nem Ön rontott el valamit. Próbálja meg újra néhány perc múlva. Ha megint ez történik, mondja be az ügyfélszolgálatnak a hivatkozási számot.
bad-request-heading = Ezt a kérést nem értjük
bad-request-advice = Lépjen vissza, és próbálja meg újra.
reference-label = Hivatkozási szám:

# The demo's persons, on its index page
person-social-worker = Szociális munkás. Csak jelszava van, az Ügyfélkapu+ igénylését vele érdemes kipróbálni.
person-representative = Egy fenntartó e-képviselője. Csak jelszava van.
person-pensioner = Nyugdíjas. Csak jelszava van.
person-enrolled = Állampolgár. Az Ügyfélkapu+ már működik nála, ügyintéző igazolta. A kulcsot illessze be a telefon oldalán. Ő igazolást is kérhet a telefonja tárcájába: az Ügyfélkapun a Mobiltárca oldalon.
person-company = Egy cég képviselője. Az Ügyfélkapu+ már működik nála.
person-inactive = Kikapcsolta az Ügyfélkapu+ szolgáltatást, de újra bekapcsolhatja.
person-not-activated = Új fiók. Az aktiváló kód a posta oldalán van, ezt a jelszót adhatja meg hozzá.
person-frozen = Zárolt fiók. A „kapu person unfreeze” parancs oldja fel, és új jelszóhoz való kódot küld a postára.
