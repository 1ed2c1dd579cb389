# Codes and passwords, on every page that asks for them
code-missing = Írja be a hatjegyű kódot.
code-length = A kód 6 számjegy. Most { $typed } számjegyet írt be.
code-wrong = Ez a kód nem jó, vagy már lejárt. Várja meg a következőt, és azt írja be.
code-wrong-again = Ez a kód sem jó. Nézze meg, pontos-e a telefonja órája (Beállítások, Dátum és idő, Automatikus). Utána írja be a következő kódot.
code-used = Ezt a kódot már felhasználta. Várja meg a következőt.
name-missing = Írja be a felhasználónevét.
password-missing = Írja be a jelszavát.
password-wrong = A felhasználónév vagy a jelszó nem jó. Nézze meg, nincs-e bekapcsolva a nagybetű (Caps Lock).
password-wrong-few-left = A felhasználónév vagy a jelszó nem jó. Még { $tries } próbálkozása van, utána várnia kell.
password-after-wrong-codes = Többször nem jó kódot írt be. A biztonság kedvéért írja be újra a jelszavát.
password-not-right = A jelszó nem jó. Azt írja be, amellyel az előbb belépett.
confirm-wrong = A jelszó vagy a kód nem jó. Írja be újra mindkettőt.
name-label = Felhasználónév
password-label = Jelszó
code-label = Hatjegyű kód
code-hint = Szóközzel is beírhatja, például: 123 456
sign-in-button = Bejelentkezés
on-button = Tovább
finish-button = Befejezés
enrol-button = Ügyfélkapu+ igénylése
sign-out-button = Kijelentkezés
forgotten = Elfelejtettem a jelszavam

# The line below the header
band-signing-in-label = Melyik szolgáltatásba lép be
band-signing-in = Ide lép be:
band-cancel = Mégsem, vissza { $the_service } oldalára
band-enrolling-label = Mit csinál most
band-enrolling = Most igényli:
band-enrolling-then = Beállítás, utána folytatja itt:
band-proving = Ehhez igazolja magát:
band-not-proving = Mégsem
band-later = Befejezem később
band-signed-in-label = Ki van bejelentkezve
band-signed-in = Bejelentkezve:
band-until = Ha nem használja, { $time }-kor kiléptetjük.

# KAÜ: choosing a method
choose-heading = Hogyan szeretne belépni?
choose-lead = Válasszon egy módot. A belépés után visszavisszük { $the_service } oldalára.
choose-not-offered = Ez a mód most nem választható. Válasszon másikat.
choose-upstream-down = Most nem érhető el: { $name }. Válasszon más módot.
choose-upstream-declined = Itt nem lépett be: { $name }. Próbálja újra, vagy válasszon más módot.
choose-upstream-refused = Innen most nem tudtuk elfogadni a belépését: { $name }. Válasszon más módot.
choose-upstream-unknown = Még nincs összekapcsolva a fiókjával: { $name }. Ehhez olyan szolgáltatásba lépjen be vele, amely az Ügyfélkapu+ belépést is elfogadja.
method-password = Ügyfélkapu
method-password-need = Felhasználónév és jelszó. Csak a változás napjáig használható.
method-app = Ügyfélkapu+ hitelesítő alkalmazással
method-app-need = Kell hozzá a jelszava és a hitelesítő alkalmazása. Fél perc.
method-email = Ügyfélkapu+ e-mailes kóddal
method-email-need = Jelszó és egy e-mailben kapott kód.
method-passkey = Belépőkulcs vagy biztonsági kulcs
method-passkey-need = Ujjlenyomat, arckép, PIN vagy USB-kulcs.
method-wallet = DÁP mobilalkalmazással
method-wallet-need = A telefonján hagyja jóvá. Jelszó nem kell.
method-upstream = Belépés máshol
method-upstream-one = Az ottani belépésével. Egy lépcsőnek számít.
method-upstream-two = Az ottani belépésével. Két lépcsőnek számít.
method-upstream-three = Az ottani belépésével. A legerősebb belépésnek számít.
method-last = Ezen a gépen ezt használta
method-too-weak = Ez a szolgáltatás erősebb belépést kér.
method-not-allowed = Ez a szolgáltatás nem fogadja el.
method-not-yet = Még nem érhető el.
wallet-heading = Olvassa be a mobiltárcájával
wallet-lead = Nyissa meg a DÁP mobilalkalmazást, válassza a QR belépést, olvassa be az ábrát, és engedélyezze a bejelentkezést.
wallet-there-heading = A tárcája egy másik készüléken van
wallet-picture = QR-kód a mobiltárcájának
wallet-until = Érvényes: { $time }-ig.
wallet-typed = Nem tud QR-kódot beolvasni? Írja be a tárcába ezt a kódot:
wallet-here-heading = A tárcája ezen a készüléken van
wallet-here-how = A jóváhagyás után ebbe a böngészőbe tér vissza.
wallet-here = Megnyitás a mobiltárcában
wallet-approved = Jóváhagytam, tovább
wallet-new = Új ábra kérése
wallet-not-yet = Még nem érkezett jóváhagyás. Nézze meg a telefonját.
wallet-scanned = Beolvasva. Hagyja jóvá a telefonján.
wallet-browser-heading = A böngészője is eléri a tárcáját
wallet-browser-how = A böngészője adja át a kérést. Ehhez sem ábra, sem számok nem kellenek.
wallet-browser = Belépés a böngészőn át
wallet-browser-on = Tovább a böngészőn át
wallet-browser-failed = A böngésző nem kapott választ a tárcájától. Próbálja újra, vagy olvassa be az ábrát.
wallet-underway-heading = Hagyja jóvá a telefonján
wallet-underway = A tárcája megkapta a kérést. Ha jóváhagyta, menjen tovább. Ha ugyanezen a készüléken hagyta jóvá, a tárcája visszahozza ebbe a böngészőbe.
wallet-refused-heading = Elutasította a belépést
wallet-refused = A telefonján elutasította a belépést. Ha nem Ön indította, változtasson jelszót.
wallet-far-heading = Máshonnan jött a jóváhagyás
wallet-far = A jóváhagyás más országból vagy más hálózatból jött, mint ahol a belépést elkezdte. Biztonságból nem léptettük be. Kapcsolja mindkét készülékét ugyanarra a wifire, és kérjen új ábrát, vagy lépjen be más módon.
wallet-failed-heading = Így nem sikerült belépnie
wallet-failed = A tárcája válaszát nem tudtuk elfogadni, vagy háromszor nem jó számokat írt be. Kérjen új ábrát, vagy lépjen be más módon.
wallet-lapsed-heading = Kérjen új ábrát
wallet-lapsed = Ez az ábra lejárt. Kérjen újat.
wallet-offline-summary = Nincs internet a telefonján?
wallet-offline = A jóváhagyáshoz a telefonjának internet kell. Kapcsolja be a wifit vagy a mobilinternetet, vagy lépjen be más módon.
wallet-digits-heading = Írja be a telefonján látott négy számjegyet
wallet-digits-lead = Miután a tárcájában jóváhagyta a belépést, a telefonja négy számjegyet mutat.
wallet-digits-label = Négy számjegy
wallet-digits-hint = Szóközzel is beírhatja.
wallet-digits-warning = Csak azt írja be, amit a saját telefonján lát. Ha valaki más mondja Önnek a számokat, ne írja be.
wallet-digits-lost = Nem lát számokat a telefonján? Kérjen új ábrát, és olvassa be azt.
wallet-digits-missing = Írja be a négy számjegyet.
wallet-digits-count = Négy számjegy kell. Ön { $typed } számjegyet írt be.
wallet-digits-letters = Csak számjegyeket írjon be.
wallet-digits-wrong = Nem ezt a négy számjegyet mutatja a telefonja. Ennyi próbálkozása van még: { $tries }.
wallet-digits-not-shown = A telefonján még nem látszik a négy számjegy. Nyissa meg azt az oldalt, amelyre a tárcája viszi.
wallet-phone-heading = Írja be ezt a négy számjegyet a számítógépen
wallet-phone-where = Mihez
wallet-phone-when = Kezdete
wallet-phone-until = A számok eddig jók
wallet-phone-warning = Lehet, hogy most nem Ön használja azt a gépet. Akkor ne mondja meg senkinek ezeket a számokat, és zárja be ezt az oldalt.
wallet-elsewhere-heading = Térjen vissza abba a böngészőbe, ahol elkezdte
wallet-elsewhere = A tárcája egy másik böngészőt nyitott meg, mint amelyikben a belépést elkezdte. Itt biztonságból nem léptettük be. Térjen vissza abba a böngészőbe, és ott kérjen új ábrát. Ha a tárcája mindig ezt a böngészőt nyitja meg, kezdje itt újra a belépést.
wallet-elsewhere-not-you = Ha nem Ön kezdte el a belépést, zárja be ezt az oldalt.
wallet-of = { $issuer } (mobiltárca)
wallet-proof-lead = Nyissa meg a DÁP mobilalkalmazást, olvassa be az ábrát, és engedélyezze, hogy megmutassa nekünk az igazolását. Ezzel nem lép be sehova.
wallet-proof-refused-heading = Elutasította a kérést
wallet-proof-refused = A telefonján nem engedélyezte, hogy megmutassa az igazolását. Ha nem Ön kérte ezt, változtasson jelszót.
wallet-proof-failed-heading = Így nem sikerült igazolnia magát
wallet-proof-failed = A tárcája válaszát nem tudtuk elfogadni, vagy háromszor nem jó számokat írt be. Ha az igazolását visszavonták, azzal nem igazolhatja magát. Kérjen új ábrát, vagy nyomja meg fent a Mégsem linket.
wallet-proof-offline = A jóváhagyáshoz a telefonjának internet kell. Kapcsolja be a wifit vagy a mobilinternetet.
wallet-proof-digits-lead = Miután a tárcájában jóváhagyta a kérést, a telefonja négy számjegyet mutat.
wallet-purpose = Belépés ide: { $service }
wallet-give-purpose = Adatok átadása ide: { $service }
wallet-give-lead = Nyissa meg a DÁP mobilalkalmazást, és olvassa be az ábrát. Ott eldöntheti, mit ad meg.
wallet-give-back = Vissza az adatokhoz
wallet-give-refused-heading = Nem adott meg adatot
wallet-give-refused = A telefonján elutasította a kérést. Ezek nélkül az adatok nélkül is beléphet.
wallet-give-failed-heading = Így nem sikerült megadnia
wallet-give-failed = A tárcája válaszát nem tudtuk elfogadni, vagy háromszor nem jó számokat írt be. Kérjen új ábrát, vagy menjen vissza: ezek nélkül az adatok nélkül is beléphet.
wallet-give-not-theirs-heading = Ez nem az Ön igazolványa
wallet-give-not-theirs = A tárcája olyan igazolványt mutatott, amelyről nem tudjuk, hogy az Öné. Nem vettünk át belőle semmit. Kérjen új ábrát, és mutassa meg a saját igazolványát, vagy menjen vissza.
wallet-give-offline = A jóváhagyáshoz a telefonjának internet kell. Kapcsolja be a wifit vagy a mobilinternetet, vagy menjen vissza.
wallet-give-digits-lead = Miután a tárcájában jóváhagyta a kérést, a telefonja négy számjegyet mutat.
remember-label = Jegyezze meg ezen a gépen, melyik módot választottam
remember-hint = Csak a módot jegyezzük meg, a nevét nem. Közös gépen hagyja üresen.
newbie-heading = Eddig csak jelszóval lépett be?
newbie-since = { $date } óta a jelszó egyedül nem elég. Lépjen be vele még egyszer, és végigvezetjük a beállításon. Nagyjából 5 perc, és folytathatja { $the_service } oldalán.
newbie-button = Belépés jelszóval és beállítás
newbie-before-heading = A jelszó csak eddig elég egyedül: { $date }
newbie-before = Ettől a naptól egy második lépés is kell. Állítsa be most, nagyjából 5 perc.
newbie-before-button = Beállítom most
why-heading = Miért ezt az oldalt látja?
why = { $the_service } ránk bízta, hogy megbizonyosodjunk róla: valóban Ön lép be. A jelszavát nem adjuk tovább.
shared-heading = Közös gépet használ?
shared = Ha végzett, jelentkezzen ki, és zárja be a böngészőt.

# KAÜ: password and code
password-heading = Írja be a felhasználónevét és a jelszavát
other-way = Más módon lépek be
code-follows = Utána a hatjegyű kódot kérjük.
code-heading = Írja be a hatjegyű kódot
code-lead = Nyissa meg a hitelesítő alkalmazást, és keresse meg a Kapu nevű fiókot. A kód 30 másodpercenként változik.
code-refused-summary = Nem fogadja el a kódot
code-refused = Várja meg a következő kódot, és azt írja be. Ha az sem jó, kapcsolja be a telefonján az automatikus dátumot és időt. Utána próbálja újra.
no-phone-summary = Nincs nálam a telefonom
no-phone = Ha elveszett, vagy újat vett, a törlőkóddal törölheti a régi telefon kapcsolatát. Utána beállíthatja az újat.
no-phone-link = Elveszett a telefonom

# KAÜ: one step is missing
missing-heading = Egy lépés hiányzik
missing-second-step = { $date } óta a jelszó mellé egy kód is kell. Most beállítjuk, nagyjából 5 perc.
missing-active = A második lépést Ön kikapcsolta. A belépéshez kapcsolja vissza.
missing-level = { $the_service } kétlépcsős belépést kér. Állítsa be most, nagyjából 5 perc.
missing-then = Utána innen folytathatja { $the_service } oldalán.
missing-set-up-button = Beállítás indítása
missing-activate-button = Aktiválás
missing-later = Később, vissza { $the_service } oldalára
missing-assurance-heading = Egyszer igazolnia kell magát
missing-assurance = { $the_service } erősebb bizonyítékot kér arról, hogy Öné a fiók.
missing-assurance-ways = Ezt személyesen, az ügyfélszolgálaton teheti meg. Vigye magával az igazolványát.
missing-assurance-wallet = A telefonja tárcájában lévő igazolással is megteheti. Az igazolás régebbi legyen, mint a mostani hitelesítő alkalmazása. Lépjen be az Ügyfélkapuba, és válassza a Megerősítést.
missing-somebody-else-heading = Nem kapcsoltuk össze
missing-somebody-else = A máshol közölt név vagy születési dátum nem egyezik a fiókjával. Ezért nem kapcsoltuk össze őket.
missing-somebody-else-ways = Lépjen be más módon. Ha a saját azonosítójával szeretné, előbb ott javíttassa ki az adatait.
missing-same-device-heading = Lépjen be a telefonján
missing-same-device = { $the_service } a legmagasabb biztonsági szintet kéri. Ehhez nem elég, ha az ábrát egy másik eszközzel olvassa be.
missing-same-device-ways = Nyissa meg { $the_service } oldalát azon a telefonon, amelyen a tárcája van, és ott lépjen be vele.
missing-freshness-heading = Lépjen be újra
missing-freshness = Túl sok idő telt el a belépése óta.
frozen-heading = A fiókját zároltuk
frozen-wallet = Ha van olyan igazolás a telefonja tárcájában, amelyik mögött ügyintéző áll, azzal itt is feloldhatja.
frozen-lead = A fiók védelme érdekében előbb igazolnia kell magát.
frozen-ways = Hívja az ügyfélszolgálatot, vagy menjen be személyesen. Vigye magával az igazolványát.

# KAÜ: what the service receives
consent-heading = Ezeket az adatokat kapja meg { $the_service }
consent-heading-optional = Ezeket az adatokat kaphatja meg { $the_service }
consent-lead = Csak akkor adjuk át, ha hozzájárul. A jelszavát nem adjuk tovább.
consent-lead-law = Ezeket jogszabály alapján adjuk át. Hozzájárulás nem kell hozzá.
consent-lead-optional = Csak azt adjuk át, amit megjelöl. A jelszavát nem adjuk tovább.
consent-purpose = A szolgáltatás erre kéri:
consent-purpose-at-each = Az adatok alatt a szolgáltatás írja meg, mire kéri őket.
consent-purpose-at-some = Az adatok alatt a szolgáltatás írja meg, mire kéri őket. Ahol nem áll semmi, ott nem írta meg.
consent-purpose-nowhere = A szolgáltatás nem írta meg, mire kéri az adatait.
consent-optional = Ezeket is átadhatja
consent-optional-alone = Ezeket átadhatja
consent-optional-hint = Nem kötelező. Amit nem jelöl meg, azt nem adjuk át, és legközelebb nem kérdezzük meg újra.
consent-optional-hint-law = Ezeket nem írja elő jogszabály. Amit nem jelöl meg, azt nem adjuk át, és legközelebb nem kérdezzük meg újra.
consent-optional-hint-wallet = Nem kötelező. Amit nem jelöl meg, azt nem adjuk át.
consent-wallet-heading = Ezeket a mobiltárcája adhatja meg
consent-wallet-hint = Nem tudjuk őket Önről. Nem kötelező: nélkülük is beléphet.
consent-wallet-missing = A tárcája ezeket nem adta meg. Nélkülük is beléphet.
consent-wallet-button = Adatok a mobiltárcából
consent-wallet-source = a mobiltárcájából, kiállító: { $issuer }
consent-once-wallet = A mobiltárcájából kapott adatot mindig megmutatjuk, mielőtt átadjuk. Nem őrizzük meg.
consent-button = Hozzájárulok
consent-refuse-button = Nem adom át
consent-back-button = Vissza a szolgáltatáshoz
consent-once-heading = Legközelebb is megkérdezzük?
consent-once = Nem. Csak akkor, ha { $the_service } több vagy más adatot kér.
consent-once-anew = Csak akkor, ha { $the_service } ezt kéri, vagy több vagy más adatot kér.
consent-withdraw-heading = Ha meggondolja magát
consent-withdraw = A hozzájárulását bármikor visszavonhatja az Ügyfélkapu oldalán:
consent-withdraw-optional = Amit Ön jelölt meg, azt bármikor visszavonhatja az Ügyfélkapu oldalán.
consent-law = Azért, hogy tudja, mit adunk át Önről. Később az Ügyfélkapu oldalán is megnézheti:

# KAÜ: ends
into-wallet-heading = Személyi igazolást kap { $the_wallet }
into-wallet-lead = Csak akkor adjuk ki, ha engedélyezi. A jelszavát nem adjuk tovább.
into-wallet-what = Ez kerül a tárcába
into-wallet-data = Ezek az adatok állnak rajta
into-wallet-number = Véletlen jelsor, amelyről megismerik Önt, akik elfogadják az igazolást
into-wallet-button = Engedélyezem
into-wallet-refuse-button = Nem engedélyezem
into-wallet-not-you-heading = Nem Ön kérte?
into-wallet-not-you = Akkor ne engedélyezze. Akinél a tárca van, az igazolással az Ön nevében léphet be.
into-wallet-revoke = Az igazolást bármikor visszavonhatja az Ügyfélkapu oldalán:
go-on-heading = Sikerült a belépés
go-on-lead = Átvisszük { $the_service } oldalára. Ha nem történik semmi, nyomja meg a gombot.
go-back-heading = Nem lépett be
go-back-lead = Visszavisszük { $the_service } oldalára. Ha nem történik semmi, nyomja meg a gombot.
nothing-shared-heading = Nem adtunk át adatot
nothing-shared-lead = Visszamehet { $the_service } oldalára. A közös belépésben, a KAÜ-ben bejelentkezve maradt. Közös gépen jelentkezzen ki.
go-on-button = Tovább { $the_service } oldalára
elsewhere-heading = Máshol lép be
link-heading = Összekapcsolja a fiókjával?
link-lead = Belépett itt: { $name }. Ez még nincs összekapcsolva a fiókjával.
link-how = Lépjen be most egyszer az Ügyfélkapu+ szolgáltatással, jelszóval és kóddal. Ezzel összekapcsolja, és legközelebb elég lesz az ottani belépése.
link-stated = Ezt közölték Önről
link-not-yours = Ha nem az Ön adatai, lépjen be más módon.
link-button = Belépés és összekapcsolás
link-note = A belépéssel ezt is összekapcsolja a fiókjával: { $name }.
start-heading = Belépés a szolgáltatások elé
start-lead = Ez a KAÜ, a szolgáltatások közös belépőoldala.
start-how = Itt nincs teendője. Induljon annak a szolgáltatásnak az oldaláról, amelyet használni szeretne. Az küldi ide, és a belépés után vissza is visszük oda.
start-account = Az Ügyfélkapu oldala
sign-out-heading = Kijelentkezik mindenhonnan?
sign-out-lead = Kijelentkeztetjük a közös belépésből és ezekből a szolgáltatásokból.
signed-out-heading = Kijelentkezett
signed-out-lead = A következő belépéshez újra kérjük a jelszavát és a kódot.
signed-out-of = Ezeknek is szólunk, hogy kijelentkezett:
signed-out-remaining = Ezekből jelentkezzen ki külön:
signed-out-shared = Közös gépen zárja be a böngészőt is.
sign-in-again = Új bejelentkezés

# A sign-out on its way through the browser
round-heading = Kijelentkezés folyamatban
round-lead = Most { $the_service } oldalán jelentkeztetjük ki. Ha nem történik semmi, nyomja meg a gombot.
not-signed-out-heading = Nem történt kijelentkezés
round-stuck = Ha egy szolgáltatás nem válaszol, lépjen vissza ide, és nyomja meg a gombot.
told-signed-out = Kijelentkeztettük.
told-told = Szólunk neki, hogy kijelentkezett.
told-retried = Még nem válaszolt. Egy napig újra szólunk neki.
told-waits = Mindjárt sorra kerül.
told-silent = Nem válaszolt. Jelentkezzen ki ott.
told-failed = Nem sikerült. Jelentkezzen ki ott.
told-untellable = Nem tudunk szólni neki. Jelentkezzen ki ott.

# Ügyfélkapu: sign-in
sign-in-heading = Bejelentkezés az Ügyfélkapuba
sign-in-lead = Itt kezelheti a fiókját, és itt igényelheti az Ügyfélkapu+ szolgáltatást.
sign-in-set-up-heading = Lépjen be a jelszavával
sign-in-set-up-lead = Utána lépésről lépésre végigvezetjük az Ügyfélkapu+ beállításán.
sign-in-new-password = Az új jelszava él. Jelentkezzen be vele.
lost-link = Elveszett vagy új telefonom van
activate-account-link = Aktiváló kódot kaptam
what-is-heading = Mi az Ügyfélkapu+?
what-is = Belépés két lépésben: a jelszava és egy hatjegyű kód a telefonjáról. Aki csak a jelszavát tudja, nem tud belépni.

# Enrolment
step-of = { $step }. lépés, összesen { $of }
enrol-heading = Igényelje az Ügyfélkapu+ szolgáltatást
enrol-deleted-heading = Állítsa be az új telefonját
enrol-other-heading = Állítsa be a másik eszközt
enrol-since = { $date } óta a jelszó mellé egy kód is kell. Nagyjából 5 perc alatt beállíthatja.
enrol-before = Ettől a naptól a jelszó mellé egy kód is kell: { $date } Nagyjából 5 perc alatt beállíthatja.
enrol-unfinished = Legutóbb nem fejezte be a beállítást. A régi Kapu bejegyzést törölje az alkalmazásból, és olvassa be az új ábrát.
enrol-deleted = A régi telefon kapcsolatát töröltük. A fiókja megmaradt.
enrol-other = A régi eszköz addig működik, amíg az újat be nem fejezi. Új törlőkódot kap.
enrol-inactive = Már van beállított alkalmazása, de nem aktív. Azt is visszakapcsolhatja:
enrol-steps-heading = Ezek a lépések következnek
enrol-step-app = Hitelesítő alkalmazás a telefonra
enrol-step-contact = Kód az e-mail-címére
enrol-step-connect = A telefon összekapcsolása a fiókjával
enrol-step-deletion = Törlőkód felírása és befejezés
need-heading = Mire lesz szüksége?
need = A jelszavára, egy okostelefonra, papírra és tollra.
paper-heading = Inkább papíron követné?
paper-link = Útmutató nyomtatása
app-heading = Legyen egy alkalmazása, amely kódot ad
app-lead = A hitelesítő alkalmazás a telefonján ad hatjegyű kódot. Ha már van ilyen, mehet tovább.
app-button = Megvan az alkalmazás, tovább
app-none-heading = Még nincs ilyen alkalmazásom
app-none = Töltse le az egyiket a telefonjára. Bármelyik jó.
app-publisher = Kiadó: { $publisher }
app-android = Androidra
app-iphone = iPhone-ra
app-fakes = Csak ezeket a linkeket használja. Az áruházak hirdetései közt hamis alkalmazás is akad. Fizetni nem kell érte.
no-smartphone-summary = Nincs okostelefonom
no-smartphone = Két lehetősége van:
no-smartphone-computer = Használjon hitelesítő alkalmazást a saját számítógépén. Kódot adó honlapot ne használjon.
no-smartphone-person = Kérjen személyes segítséget az ügyfélszolgálaton. Vigye magával az igazolványát.
no-smartphone-link = Más lehetőségek
assisted-summary = Másvalaki segít nekem
assisted = A segítő ne írja be az Ön jelszavát, és ne vigye el a törlőkódot. Ezt az útmutatót együtt is követhetik:
proof-for-enrolment = Ügyfélkapu+ igénylése
proof-for-lift = a hitelesítő alkalmazás megerősítése
proof-for-unfreeze = zárolt fiók feloldása
proof-purpose = Ügyfélkapu, { $aim }
prove-back = Vissza
prove-how = A következő oldalon ábrát mutatunk. Ezt olvassa be a tárcájával, vagy nyissa meg a tárcáját ezen a készüléken.
prove-button = Igazolom magam a DÁP mobilalkalmazással
prove-without-summary = Mi kell ehhez?
prove-without = Olyan személyi igazolás a telefonja tárcájában, amelyet ismerünk. A nevét, a születési napját és az igazolás számát kérjük el, mást nem.
prove-enrolment-heading = Igazolja magát a telefonjával
prove-enrolment = Az e-mailben küldött kód helyett a DÁP mobilalkalmazás is igazolja, hogy Öné a fiók.
prove-lift-heading = Megerősítés
prove-lift-short = Egyszer igazolja a telefonja tárcájával, hogy a hitelesítő alkalmazás az Öné. Utána azokba a szolgáltatásokba is beléphet, amelyek erősebb bizonyítékot kérnek.
prove-lift-link = Megerősítés a DÁP mobilalkalmazással
prove-lift = A hitelesítő alkalmazását jelszóval vagy e-mailben kapott kóddal állították be. Ha a telefonja tárcája is igazolja, hogy az Öné, azokba a szolgáltatásokba is beléphet, amelyek erősebb bizonyítékot kérnek.
prove-unfreeze-heading = Zárolt fiók feloldása
prove-unfreeze = Ha zároltuk a fiókját vagy a hitelesítő alkalmazását, a telefonja tárcájával feloldhatja. Utána új jelszót kell választania, és újra igényelnie kell az Ügyfélkapu+ szolgáltatást.
prove-unfreeze-not-me = Ha a „Nem én voltam” hivatkozással zárolták, az igazolásait is visszavontuk. Akkor az ügyfélszolgálat tud segíteni.
prove-going-heading = Igazolja magát
prove-gone-heading = Megkaptuk az igazolását
proved-lasts = Ez az igazolás öt percig és egyszer használható fel.
proved-enrolment-heading = Igazolta, hogy Öné a fiók
proved-enrolment = Nem kell kódot kérnie e-mailben. Folytathatja az Ügyfélkapu+ igénylését.
proved-lift-heading = Már csak a jelszava és egy kód kell
proved-lift = A tárcája igazolta Önt. Írja be a jelszavát és az alkalmazásban most látható kódot, hogy tudjuk: az alkalmazás is Önnél van.
proved-lift-button = Megerősítem
proved-unfreeze-heading = Feloldja a fiókját?
proved-unfreeze = A tárcája igazolta Önt. A feloldással a mostani jelszava érvényét veszti, a zárolt hitelesítő alkalmazást és az összekapcsolt azonosítókat pedig töröljük.
proved-unfreeze-where = Az új jelszóhoz ide küldünk kódot:
proved-unfreeze-button = Feloldom a fiókomat
not-proved-again = Megpróbálom újra
not-proved-enrolment = Az e-mailben küldött kóddal most is folytathatja.
not-proved-person = Hívja az ügyfélszolgálatot, vagy menjen be személyesen. Vigye magával az igazolványát.
not-proved-unknown-heading = Ezt az igazolást még nem ismerjük
not-proved-unknown = A tárcájában lévő igazolást nem kapcsolták össze fiókkal, és a neve és a születési napja alapján nem rendeljük senkihez.
not-proved-other-heading = Ez nem az Ön igazolása
not-proved-other = A tárca olyan igazolást mutatott meg, amelyik nem ehhez a fiókhoz tartozik. Nem történt semmi. Ha több igazolás van a tárcájában, válassza a sajátját.
not-proved-needless-heading = Erre most nincs szükség
not-proved-needless = Ezen a fiókon nincs olyasmi, amihez ez az igazolás kellene. Nem történt semmi.
not-proved-weak-heading = Ez az igazolás ehhez kevés
not-proved-weak = Az igazolás nem biztosabb annál, mint amit enélkül is tudunk Önről, ezért itt nem számít.
not-proved-own-heading = Ez az igazolás nem szólhat önmaga mellett
not-proved-own = Ezt az igazolást éppen azzal a hitelesítő alkalmazással kapta vagy kapcsolta össze, amelyikről most szó van. Ami az alkalmazásra épül, az nem igazolhatja az alkalmazást. Ha régebbi igazolása is van a tárcájában, próbálja azzal.
not-proved-over-heading = Ez az igazolás már nem használható
not-proved-over = Felhasználták, letelt az öt perc, visszavonták, vagy nem ebben a böngészőben és nem erre kérte. Kezdje újra.
unfrozen-heading = Feloldottuk a fiókját
unfrozen-lead = Elküldtük a kódot az új jelszavához. A levél tárgya: Kód az új Ügyfélkapu-jelszavához.
unfrozen-then = Az új jelszóval lépjen be, és igényelje újra az Ügyfélkapu+ szolgáltatást.
unfrozen-button = Új jelszót választok
contact-heading = Igazolja, hogy Öné a fiók
contact-lead = Egy hatjegyű kódot küldünk e-mailben. A következő oldalon azt kell beírnia.
contact-where = Ide küldjük:
contact-button = Kód küldése
contact-wallet-heading = Kód helyett a telefonjával
contact-wallet = Ha személyi igazolása van a telefonja tárcájában, azzal is igazolhatja magát.
contact-wallet-link = Igazolom magam a DÁP mobilalkalmazással
contact-too-many = Egy óra alatt legfeljebb három kódot küldünk. Új kódot { $until } után kérhet.
contact-code-heading = Írja be az e-mailben kapott kódot
contact-sent = Elküldtük a kódot ide:
contact-lasts = A kód 10 percig jó. A levél tárgya: Kód az Ügyfélkapu+ igényléséhez.
contact-code-label = Az e-mailben kapott kód
contact-code-missing = Írja be az e-mailben kapott kódot.
contact-code-wrong = Ez a kód nem jó, vagy lejárt. Nézze meg a legutóbbi levelet.
contact-code-dead = Ötször nem jó kódot írt be, ezért ez a kód már nem használható. Kérjen újat.
contact-nothing = Nem jött meg? Nézze meg a levélszemét mappát is.
contact-again = Kérek új kódot
no-mailbox-summary = Nem férek hozzá ehhez a postafiókhoz
no-mailbox = Az e-mail-címet itt nem lehet megváltoztatni. Így más nem irányíthatja magához a kódot.
no-mailbox-person = Kérjen személyes segítséget az ügyfélszolgálaton, vagy hívjon minket.
connect-heading = Kapcsolja össze az alkalmazást
connect-back = Vissza az alkalmazás választásához
connect-lead = Ezt csak egyszer kell megtennie. Ha elakad, bármikor újrakezdheti.
connect-new-picture = Az előző ábra lejárt, ezért újat készítettünk. Az alkalmazásban törölje a régi Kapu fiókot, és olvassa be ezt.
connect-replaces = Az alkalmazásban ez új fiókként jelenik meg. A régit a befejezés után törölje belőle.
connect-open = Nyissa meg a hitelesítő alkalmazást
connect-open-how = Válassza benne az új fiók hozzáadását. Ez legtöbbször egy pluszjel.
connect-scan = Olvassa be az ábrát
connect-scan-how = Irányítsa rá a telefon kameráját az alkalmazásból.
connect-same-phone = Ha az alkalmazás ezen a telefonon van, koppintson a gombra. Ha másik eszközön, olvassa be az ábrát.
connect-same-phone-button = Megnyitás ezen a telefonon
connect-not-printed = Az ábrát és a kulcsot biztonsági okból nem nyomtatjuk ki.
connect-picture = QR-kód az összekapcsoláshoz. Ugyanez szövegként a következő részben áll: Kulcs kézi beíráshoz.
connect-key = Kulcs kézi beíráshoz
connect-key-how = Ha nem tudja beolvasni az ábrát, ezt írja be az alkalmazásba. A szóközök nem számítanak.
connect-account = Fiók
connect-issuer = Kiadó
connect-kind = Típus
connect-kind-is = idő alapú, 6 számjegy
connect-same-computer = Az alkalmazás ezen a gépen van: megnyitás itt
connect-confirm = Erősítse meg
connect-confirm-how = A kódot írja be utoljára, mert 30 másodpercenként változik.
connect-password-hint = Amellyel az előbb belépett.
connect-password-fine = A jelszava rendben van, nem kell újra beírnia.
connect-code-label = Hatjegyű kód az alkalmazásból
connect-other-picture = Ez a kód nem ehhez az ábrához tartozik. Ha több fiók van az alkalmazásban, a Kapu nevűt nézze.
connect-clock-slow = A telefonja órája körülbelül { $minutes } percet késik. Kapcsolja be rajta az automatikus dátumot és időt, várja meg az új kódot, és írja be azt.
connect-clock-fast = A telefonja órája körülbelül { $minutes } percet siet. Kapcsolja be rajta az automatikus dátumot és időt, várja meg az új kódot, és írja be azt.
connect-aside-heading = Ezt az oldalt ne mutassa meg másnak
connect-aside = Aki lefényképezi az ábrát, az ugyanazokat a kódokat kapja, mint Ön.
deletion-heading = Írja fel a törlőkódot
deletion-lead = A befejezés után többé nem látja. Írja papírra, nyomtassa ki vagy mentse el.
deletion-code = Törlőkód
deletion-what = Ha elveszíti vagy lecseréli a telefonját, ezzel a kóddal törölheti a kapcsolatot. Utána beállíthat egy új telefont.
deletion-account-stays = A fiókja ettől nem törlődik.
deletion-print = Nyomtatás
deletion-download = Letöltés szövegfájlban
deletion-not-printed = Innen a törlőkód nem nyomtatódik ki. Használja az oldalon a Nyomtatás gombot.
deletion-shared = Közös gépen ne töltse le, inkább írja papírra.
deletion-saved = A törlőkód mentéséről gondoskodtam
deletion-saved-hint = Felírtam, kinyomtattam vagy elmentettem.
deletion-not-ticked = Jelölje be, ha már felírta vagy elmentette a törlőkódot.
deletion-where-heading = Hol tartsa?
deletion-where = Otthon, ne a telefonja mellett. Másnak ne adja oda.

# Aktiválás és inaktiválás
status-heading = Aktiválás és inaktiválás
status-enrolled-heading = Kész, az Ügyfélkapu+ aktív
status-enrolled = Mostantól a jelszavával és a telefonján kapott kóddal lép be. Erről levelet is küldtünk.
status-activated = Az Ügyfélkapu+ újra aktív. Erről levelet is küldtünk.
status-inactivated = Az Ügyfélkapu+ már nem aktív. Erről levelet is küldtünk.
status-lead = Itt láthatja, hogy az Ügyfélkapu+ Önnél aktív-e.
status-active = Aktív
status-held = Várakozik, ekkortól él: { $until }
status-held-heading = Kész, de az Ügyfélkapu+ még nem él
status-held-lead = Három napot várunk, hogy szólhasson, ha más igényelte. Erről levelet is küldtünk.
status-inactive = Nem aktív
status-none = Még nem igényelte
status-since = Mióta
status-app = Az alkalmazásban
status-look = Ha változtatni szeretne, jelentkezzen be a jelszavával és a kóddal.
status-look-link = Bejelentkezés
inactivate-heading = Inaktiválás
inactivate-since = { $date } óta jelszóval önmagában nem lehet belépni. Ha inaktiválja, csak visszakapcsolni vagy újra igényelni tudja.
inactivate-before = Ha inaktiválja, a jelszava egyedül is elég lesz. Ez a lehetőség ezen a napon megszűnik: { $date }
inactivate-button = Inaktiválás
activate-heading = Aktiválás
activate-how = Írja be a jelszavát és az alkalmazásban látható kódot.
activate-button = Aktiválás
activate-or-enrol = Ha az alkalmazás már nincs meg, igényelje újra.
other-device-heading = Új telefonja van?
other-device-short = Amíg a régi is működik, ezzel állíthatja be az újat.
other-device-link = Beállítás másik eszközre

# What cannot be done
fault-reference = Ha telefonál, ezt az azonosítót mondja be:
fault-unknown-service = Ezt a szolgáltatást nem ismerjük
fault-unknown-service-advice = Nem Ön hibázott. Induljon újra annak a szolgáltatásnak az oldaláról, amelyet használni szeretne.
fault-request = Hibás kérés érkezett
fault-request-advice = { $the_service } hibás kérést küldött. Ezt nem Ön rontotta el. Induljon újra az oldaláról.
fault-transaction = Ez a belépés már nem folytatható
fault-transaction-advice = Lejárt, vagy egy másik ablakban már befejezte. Induljon újra a szolgáltatás oldaláról.
fault-session = Lejárt az idő
fault-session-advice = { $minutes } percig nem történt semmi, ezért biztonságból kiléptettük. A beállításai megmaradtak.
fault-gone = Ez az oldal már nem látható
fault-gone-advice = Az ábrát, a kulcsot és a törlőkódot biztonsági okból nem mutatjuk meg újra.
fault-overtaken = Egy másik ablakban folytatta
fault-overtaken-advice = Ott van az érvényes ábra, ez az ablak bezárható. Ha nem találja, kezdje elölről.
fault-form = Nem tudtuk folytatni
fault-form-advice = Engedélyezze a sütiket a böngészőben, és kezdje újra.
fault-enrolment-only = Ehhez mindkét lépés kell
fault-enrolment-only-advice = A jelszavával belépve most csak az Ügyfélkapu+ igénylése érhető el.
fault-proof = Írja be újra a jelszavát és a kódot
fault-proof-advice = Túl régen igazolta magát ehhez a változtatáshoz. Jelentkezzen be újra.
fault-not-found = Ezt az oldalt nem találjuk
fault-not-found-advice = Ellenőrizze a címet, vagy induljon a szolgáltatás oldalától.
fault-method = Ez így nem működik
fault-method-advice = Menjen vissza az előző oldalra, és használja az ott lévő gombot.
fault-too-large = Túl sok adat érkezett
fault-too-large-advice = Menjen vissza, és írjon be rövidebb szöveget.
fault-misdirected = Ezen a címen nincs oldalunk
fault-misdirected-advice = Ellenőrizze a böngésző címsorát.
fault-tries = Túl sok hibás próbálkozás
fault-tries-advice = Várjon eddig: { $until }. Addig sem vész el semmi, utána innen folytathatja.
fault-tries-not-you = Ha nem Ön próbálkozott, változtassa meg a jelszavát.
fault-busy = Most sokan vannak itt
fault-busy-advice = Próbálja újra egy perc múlva. Az adatai nem vesztek el.
fault-internal = Nálunk van a hiba
fault-internal-advice = Próbálja újra pár perc múlva.
fault-unavailable = Most nem érhető el
fault-unavailable-advice = Dolgozunk rajta. Próbálja újra pár perc múlva.
fault-link = Ez a hivatkozás már nem él
fault-link-advice = Már felhasználták, vagy lejárt. Ha segítség kell, hívjon minket.

# Added to the code fields
code-not-digits = Csak számjegyeket írjon be. Szóköz és kötőjel lehet köztük.

# Held
missing-held-heading = A második lépés még nem él
missing-held = Ettől az időponttól léphet be vele: { $until }.
missing-held-not-you = Ha nem Ön kérte, a róla küldött levélben nyomja meg a „Nem én voltam” hivatkozást.

# The deletion code on paper
sheet-heading = Törlőkód az Ügyfélkapu+ szolgáltatáshoz
sheet-back = Vissza a törlőkódhoz
sheet-how = Nyomtassa ki ezt az oldalt a böngésző Nyomtatás parancsával.
sheet-date = Kelt
sheet-address = Itt használhatja
sheet-file =
    Törlőkód az Ügyfélkapu+ szolgáltatáshoz

    Felhasználónév: { $user_name }
    Törlőkód: { $code }
    Kelt: { $date }

    Ha elveszíti vagy lecseréli a telefonját, itt használhatja:
    { $address }

    A fiókja ettől nem törlődik. Ezt a fájlt ne a telefonján tartsa, és másnak ne adja oda.

# Ügyfélkapu: the account
home-heading = { $name } fiókja
home-password-changed = A jelszava megváltozott. A többi helyen kiléptettük.
home-more = Amit itt még megtehet
home-own-data = Megnézheti, mit tartunk nyilván Önről.
home-services = Megnézheti, melyik szolgáltatás mit kap meg Önről, és visszavonhatja.
home-linked = Megnézheti, melyik máshol használt azonosítójával léphet be, és megszüntetheti.
home-password = Ha más megtudhatta a jelszavát, változtassa meg.
everywhere-section = Szolgáltatások
everywhere-lead = Kijelentkeztetjük mindenhonnan, ahová a közös belépéssel lépett be. Itt bejelentkezve marad.
everywhere-button = Kijelentkezés minden szolgáltatásból
everywhere-heading = Kijelentkezett a szolgáltatásokból
everywhere-done = A közös belépésnek minden gépen vége.
everywhere-none = Most egyetlen szolgáltatásba sem volt belépve.
everywhere-here = Az Ügyfélkapun bejelentkezve maradt.
everywhere-back = Vissza a fiókhoz
back-home = Vissza a fiókhoz
services-heading = Mit kapnak a szolgáltatások
services-lead = Ezek a szolgáltatások kapják meg az adatait, amikor belép hozzájuk.
services-none = Itt azok a szolgáltatások állnak majd, amelyek megkapják az adatait. Most egy sincs.
services-law = Jogszabály alapján kapja meg, ezért nem vonható vissza.
services-law-partly = Amit jogszabály alapján kap meg, az nem vonható vissza. A többiről újra dönthet: ha visszavonja, a következő belépéskor megkérdezzük.
services-changed = Megváltozott, milyen alapon kapja meg. A következő belépéskor előbb megmutatjuk Önnek.
services-last = Legutóbb
services-chosen = Ön engedte
services-withheld = Nem kapja meg
services-from-wallet = A mobiltárcájából adta meg egyszer, nem őrizzük meg
services-identifier = Nincsenek itt azok a szolgáltatások, amelyek csak egy azonosítót kapnak Önről.
services-withdraw-button = Visszavonás
services-withdrawn = Visszavonta a hozzájárulását. A következő belépéskor újra megkérdezzük, mit kaphat meg { $the_service }.
services-withdraw-what = Ha visszavonja, a következő belépéskor újra megkérdezzük. Amit a szolgáltatás eddig megkapott, az nála marad.
linked-heading = Összekapcsolt azonosítók
linked-lead = Ezekkel az azonosítókkal is beléphet a szolgáltatásokba.
linked-none = Itt azok a máshol használt azonosítói állnak majd, amelyekkel beléphet. Most egy sincs.
linked-remove = Összekapcsolás megszüntetése
unlink-heading = Megszünteti az összekapcsolást?
unlink-lead = Ezzel többé nem léphet be: { $name }. A többi helyen kiléptetjük.
credential-heading = Mobiltárca
credential-lead = Személyi igazolása a telefonja tárcájában van. Azzal is beléphet, és máshol is igazolhatja magát. Ha visszavonja, kilép a szolgáltatásokból is.
credential-none = Itt állnak majd a tárcájába kiadott igazolások. Most egy sincs.
credential-sd-jwt = Személyi igazolás (SD-JWT)
credential-mdoc = Személyi igazolás (mdoc)
credential-valid = Érvényes
credential-expired = Lejárt
credential-revoked = Visszavonva: { $at }
credential-issued = Kiadva
credential-expires = Eddig jó
credential-revoke = Visszavonás
credential-new = Új igazolás
credential-new-how = Adja meg a jelszavát és a kódot. A tárca egy másik kódot is kér: azt levélben küldjük.
credential-ask = Igazolás kérése
credential-no-second-factor = Ehhez Ügyfélkapu+ kell.
credential-on-hold = Az alkalmazás kódjait { $until } után fogadjuk el. Utána itt kérhet igazolást.
credential-not-assured = Most nem adhatunk ki igazolást. Az alkalmazását jelszóval vagy levélben kapott kóddal kapcsolta össze, és ez ehhez kevés.
credential-not-assured-how = Menjen be egy ügyfélszolgálatra a telefonjával. Ott igazolja magát, és utána itt kérhet igazolást.
credential-offer-heading = Az igazolás átvétele
credential-offer-lead = { $until }-ig veheti át. Ezt az oldalt csak egyszer mutatjuk.
credential-offer-scan = Olvassa be a tárcával
credential-offer-scan-how = Nyissa meg a tárcát a telefonján, és olvassa be az ábrát.
credential-offer-picture = QR-kód az igazolás átvételéhez
credential-offer-text = Az ábra szövege
credential-offer-text-how = Ha nem tudja beolvasni, ezt másolja a tárcába.
credential-offer-open = Megnyitás ezen az eszközön
credential-offer-code = Írja be a kódot
credential-offer-code-how = A tárca hatjegyű kódot kér. Elküldtük ide: { $address }
credential-offer-check = Nézze meg, megjött-e
credential-offer-check-how = Az átvett igazolás a Mobiltárca oldalon jelenik meg.
home-wallet = Igazolást kérhet a telefonja tárcájába, és visszavonhatja.
issuer-heading = A személyi igazolás kiadója
issuer-lead = Ezzel az oldallal a telefonja tárcája beszél. Igazolást az Ügyfélkapun kérhet.
issuer-name = Kapu (mintarendszer)
issuer-credential = Személyi igazolás
own-data-heading = Saját adatok
own-data-lead = Ezeket az adatokat tartjuk nyilván Önről.
own-data-wrong = Ha valamelyik nem jó, kérje a javítását személyesen, az ügyfélszolgálaton.
data-name = Név
data-family-name = Családi név
data-given-name = Utónév
data-identifier = Azonosító
country-hungary = Magyarország
data-identifier-same = Véletlen jelsor, amely több szolgáltatásnál ugyanaz: összevethetik, mit tudnak Önről
data-identifier-is = Véletlen jelsor, amelyről a szolgáltatás legközelebb megismeri Önt
data-birth-name = Születési név
data-birth-place = Születési hely
data-birth-date = Születési idő
data-mothers-name = Anyja neve
data-nationalities = Állampolgárság
data-email = E-mail-cím
data-address = Lakcím
data-phone-number = Telefonszám
data-gender = Nem
data-gender-male = férfi
data-gender-female = nő
data-gender-other = egyéb
data-age-over-18 = Elmúlt 18 éves
data-yes = igen
data-no = nem
change-password-heading = Jelszómódosítás
change-password-lead = Az új jelszóval a többi eszközön újra be kell lépnie.
change-password-button = Jelszó módosítása
old-password-label = Régi jelszó
old-password-missing = Írja be a régi jelszavát.
old-password-wrong = A régi jelszó nem jó.
new-password-label = Új jelszó
new-password-hint = Legalább { $least } karakter. Több szó egymás után jó megoldás.
new-password-again-label = Új jelszó még egyszer
new-password-missing = Írja be az új jelszót.
new-password-short = Az új jelszó túl rövid. Legalább { $least } karakter legyen.
new-password-long = Az új jelszó túl hosszú. Legfeljebb { $most } karakter lehet.
new-password-control = Az új jelszóban olyan jel van, amely nem írható be billentyűzetről.
new-password-user-name = Az új jelszóban ne legyen benne a felhasználóneve.
new-password-service-word = Az új jelszóban ne legyen benne a „kapu” vagy a „jelszó” szó.
new-password-predictable = Az új jelszó könnyen kitalálható. Válasszon kevésbé gyakori szavakat.
new-password-again-missing = Írja be az új jelszót még egyszer.
new-password-differ = A két új jelszó nem egyezik. Írja be újra mindkettőt.
good-password-heading = Milyen a jó jelszó?
good-password = Hosszú, és máshol nem használja. Például három-négy szó, amelyek nem tartoznak össze.
activate-account-heading = Aktiválja a fiókját
activate-account-lead = Ehhez az e-mailben kapott aktiváló kód kell. A kód öt napig jó.
activate-account-button = Fiók aktiválása
activation-code-label = Aktiváló kód
activation-code-hint = Tíz betű és szám a levélből. A kötőjel nem számít.
activation-code-missing = Írja be az aktiváló kódot.
activation-code-length = Az aktiváló kód 10 jel. Most { $typed } jelet írt be.
activation-code-character = Ilyen jel nincs az aktiváló kódban. Nézze meg a levélben.
activation-code-wrong = A felhasználónév vagy a kód nem jó, vagy a kód lejárt. Nézze meg a legutóbbi levelet.

# Another device and a lost phone
other-device-lead = A régi eszköz kódjával igazolja, hogy Öné a fiók. Utána beállítjuk az újat.
other-device-code = Hatjegyű kód a régi eszközről
other-device-lost = Nincs meg a régi eszköz
lost-heading = Elveszett vagy új telefonja van?
lost-lead = A törlőkóddal megszüntetheti a régi telefon kapcsolatát. A fiókja megmarad.
lost-code-hint = Húsz számjegy a papírról, szóközzel is beírhatja.
lost-code-missing = Írja be a törlőkódot.
lost-code-length = A törlőkód 20 számjegy. Most { $typed } számjegyet írt be.
lost-code-group = Elírás van a { $number }. csoportban. Nézze meg a papíron.
lost-wrong = A felhasználónév, a jelszó vagy a törlőkód nem jó. Nézze meg, a legutóbbi törlőkódot írta-e be.
lost-button = Tovább az új beállításhoz
lost-have-phone-summary = A régi telefonom még megvan
lost-have-phone = Akkor a régi telefon kódjával állíthatja be az újat.
lost-no-code-summary = Nincs meg a törlőkódom
lost-no-code = Hívja az ügyfélszolgálatot, vagy menjen be személyesen. Vigye magával az igazolványát.
lost-then-heading = Mi történik ezután?
lost-then = A régi telefon kódjai azonnal érvénytelenek, és mindenhol kiléptetjük. Új beállítás és új törlőkód következik.
not-me-heading = Nem Ön volt?
not-me-lead = Ha a levélben leírt változást nem Ön kérte, azonnal zároljuk a fiókot.
not-me-removes = Töröljük a beállított hitelesítő alkalmazást.
not-me-ends = Mindenhol kiléptetjük.
not-me-locks = A fiókba addig senki sem léphet be, amíg Ön személyesen nem igazolja magát.
not-me-you = Ha mégis Ön volt, zárja be ezt az oldalt. Akkor semmi sem változik.
not-me-button = Nem én voltam, zárolják a fiókot
not-me-done-heading = A fiókját zároltuk
not-me-done = Mindenkit kiléptettünk, és a hitelesítő alkalmazás kapcsolatát töröltük.

# Help for everybody
help-heading = Segítség
help-lead = Itt a leggyakoribb kérdésekre talál választ.
help-set-up-heading = Hogyan állítsam be az Ügyfélkapu+ szolgáltatást?
help-set-up = Lépjen be az Ügyfélkapuba a jelszavával, és kövesse a lépéseket. Papíron is követheti, az útmutató kinyomtatható.
help-phone-heading = Elveszett vagy új telefonom van
help-password = Az elfelejtett jelszót itt nem lehet pótolni. Hívja az ügyfélszolgálatot, vagy menjen be személyesen.
help-assisted = A segítő ne írja be az Ön jelszavát, és ne vigye el a törlőkódot. A kódját se mondja meg senkinek.
help-fraud-heading = Valaki a kódomat kéri
help-fraud = Ne adja meg. A jelszavát, a hatjegyű kódot és a törlőkódot soha nem kérjük telefonon vagy levélben.
accessibility-heading = Akadálymentesség
accessibility-lead = Azt szeretnénk, hogy mindenki egyedül is be tudjon lépni.
accessibility-works-heading = Ami működik
accessibility-keyboard = Minden oldal végigjárható billentyűzettel.
accessibility-scripts = Egyik oldalhoz sem kell bekapcsolt szkript.
accessibility-zoom = A szöveg négyszeresére nagyítható oldalirányú görgetés nélkül.
accessibility-colours = Van világos és sötét megjelenés, és a színek erős kontrasztúak.
accessibility-time = Az időkorlát lejártát előre kiírjuk, és a lépés újrakezdhető.
accessibility-gaps-heading = Amit még nem próbáltunk ki
accessibility-gaps = Az oldalakat géppel ellenőriztük, de képernyőolvasóval élő emberekkel még nem.
accessibility-tell-heading = Szóljon, ha elakad
accessibility-tell = Ha valami nem használható Önnek, hívjon minket. Más utat keresünk Önnek.
privacy-heading = Adatkezelés
privacy-lead = A Kapu mintarendszer: csak kitalált személyek adatai vannak benne.
privacy-kept-heading = Mit tartunk nyilván?
privacy-kept = A nevét, a születési nevét, a születési helyét és idejét, az anyja nevét. Mellette az állampolgárságát, az e-mail-címét és a felhasználónevét.
privacy-given-heading = Ki kapja meg?
privacy-given = Az a szolgáltatás, amelybe belép, és csak azt, amihez hozzájárult, vagy amit jogszabály előír. A szolgáltatások rendszerint más-más azonosítót kapnak Önről.
privacy-cookies-heading = Milyen sütiket használunk?
privacy-cookies = Csak olyat, amely a belépéshez kell. A választott módot akkor jegyezzük meg, ha Ön kéri.
privacy-secrets-heading = Hogyan őrizzük a titkait?
privacy-secrets = A jelszavát és a törlőkódját nem ismerjük, csak a lenyomatukat. A naplóban egyik sem szerepel.
privacy-rights-heading = Mit kérhet?
privacy-rights = Az adatait belépés után a Saját adatok oldalon látja. A javításukat személyesen kérheti. A hozzájárulását a Mit kapnak a szolgáltatások oldalon vonhatja vissza.
guide-heading = Kétlépcsős belépés – útmutató
guide-lead = Egyszer kell beállítani, nagyjából tíz perc. Jelölje be, amivel elkészült.
guide-how = Nyomtassa ki ezt az oldalt a böngésző Nyomtatás parancsával.
guide-before-heading = Ami kell hozzá
guide-before-password = A felhasználóneve és a jelszava
guide-before-phone = Okostelefon és számítógép
guide-before-mail = Hozzáférés az e-mailjeihez
guide-before-pen = Toll
guide-set-up-heading = Az Ügyfélkapu+ igénylése
guide-step-app = Töltsön le a telefonjára egy hitelesítő alkalmazást: Google Authenticator, Microsoft Authenticator, Aegis vagy 2FAS. Fizetni nem kell érte.
guide-step-open = Nyissa meg a számítógépen:
guide-step-sign-in = Lépjen be a jelszavával. Nyomja meg a Bejelentkezés gombot.
guide-step-request = Nyomja meg az „Ügyfélkapu+ igénylése” gombot.
guide-step-mail = Írja be az e-mailben kapott hatjegyű kódot.
guide-step-scan = A telefonon nyissa meg az alkalmazást, nyomja meg a + jelet, és olvassa be az ábrát.
guide-step-code = Írja be a jelszavát, majd a telefonról a hat számot. A kód 30 másodpercenként változik. Nyomja meg a Tovább gombot.
guide-step-deletion = Írja ide a törlőkódot:
guide-blanks = Hely a törlőkód négy csoportjának
guide-step-finish = Jelölje be, hogy a törlőkód mentéséről gondoskodott. Nyomja meg a Befejezés gombot.
guide-step-check = Az „Aktiválás és inaktiválás” oldalon ezt látja: Aktív.
guide-daily-heading = Belépés a mindennapokban
guide-daily-choose = Válassza az „Ügyfélkapu+ hitelesítő alkalmazással” módot.
guide-daily-password = Írja be a felhasználónevét és a jelszavát. Nyomja meg a Bejelentkezés gombot.
guide-daily-code = Nyissa meg a telefonon az alkalmazást, és írja be a hat számot. Nyomja meg újra a Bejelentkezés gombot.
guide-fails-heading = Ha nem sikerül
guide-fails-wait = Várjon új kódra, és azt írja be.
guide-fails-clock = Kapcsolja be a telefonon az automatikus dátumot és időt.
guide-fails-call = Hívjon minket hétköznap 8 és 18 óra között: { $phone }
guide-lost-heading = Ha elveszett vagy lecserélte a telefonját
guide-lost = Törölje a régi kapcsolatot a törlőkóddal, és állítsa be az új telefont itt:
guide-care-heading = Vigyázzon rá
guide-care-code = A törlőkódot tartsa otthon, ne a telefonja mellett.
guide-care-person = A jelszavát és a kódot ne mondja meg senkinek, telefonon sem.
guide-care-picture = A beolvasott ábrát ne fényképezze le, és ne mutassa meg másnak.

# Letters
mail-foot =
    A kódját és a jelszavát soha nem kérjük levélben vagy telefonon.
    Kapu – mintarendszer, nem állami levél.
mail-phone = Ha segítség kell, hívja hétköznap 8 és 18 óra között: { $phone }
mail-contact-subject = Kód az Ügyfélkapu+ igényléséhez
mail-contact =
    Jó napot kívánunk!

    Ez a hatjegyű kód, amelyet az Ügyfélkapu+ igényléséhez kért:

    { $code }

    A kód 10 percig jó. Csak abban a böngészőablakban használja, amelyben kérte.

    Ha nem Ön kérte, valaki tudja a jelszavát. Változtassa meg.
mail-activation-subject = Aktiváló kód az Ügyfélkapu-fiókjához
mail-activation =
    Jó napot kívánunk!

    Elkészült az Ügyfélkapu-fiókja. A felhasználóneve:

    { $user_name }

    Az aktiváló kódja, öt napig jó:

    { $code }

    Írja be itt, és válasszon jelszót:

    { $address }
mail-new-password-subject = Kód az új Ügyfélkapu-jelszavához
mail-new-password =
    Jó napot kívánunk!

    Az Ügyfélkapu-fiókja nincs zárolva, de új jelszó kell hozzá. A korábbi jelszó már nem érvényes, mert más is tudhatja. A felhasználóneve:

    { $user_name }

    Az aktiváló kódja, öt napig jó:

    { $code }

    Írja be itt, és válasszon új jelszót:

    { $address }

    Utána igényelje újra az Ügyfélkapu+ szolgáltatást. Olyan jelszót válasszon, amelyet máshol nem használ.
mail-notice =
    Jó napot kívánunk!

    { $what }

    Mikor: { $at }

    Ha Ön volt, nincs teendője.
mail-not-me =
    Ha nem Ön volt, ezen a címen zárolhatja a fiókot. A hivatkozás 30 napig él:

    { $link }
mail-enrolled-subject = Aktív az Ügyfélkapu+
mail-enrolled = Hitelesítő alkalmazást kapcsoltak a fiókjához. Az Ügyfélkapu+ mostantól aktív.
mail-on-hold-subject = Ügyfélkapu+ szolgáltatást igényeltek a fiókjához
mail-on-hold = Hitelesítő alkalmazást kapcsoltak a fiókjához. A kódjait három nap múlva fogadjuk el.
mail-other-device-subject = Másik eszközre állították az Ügyfélkapu+ szolgáltatást
mail-other-device = Új eszközt kapcsoltak a fiókjához. A régi eszköz kódjai már nem érvényesek, és új törlőkód készült.
mail-inactivated-subject = Inaktiválták az Ügyfélkapu+ szolgáltatást
mail-inactivated = Az Ügyfélkapu+ szolgáltatást kikapcsolták a fiókjában.
mail-activated-subject = Újra aktív az Ügyfélkapu+
mail-activated = Az Ügyfélkapu+ szolgáltatást visszakapcsolták a fiókjában.
mail-deletion-used-subject = Felhasználták a törlőkódját
mail-deletion-used = A törlőkódjával megszüntették a telefonja kapcsolatát. A régi alkalmazás már nem ad érvényes kódot.
mail-deletion-tried-subject = Ötször hibás törlőkódot írtak be
mail-deletion-tried = A jó jelszóval együtt ötször hibás törlőkódot írtak be. A törlőkód 24 óráig nem használható, a belépés igen.
mail-codes-subject = Zároltuk a hitelesítő alkalmazását
mail-codes = Túl sok hibás hatjegyű kódot írtak be a jó jelszóval. Az alkalmazás kódját ezért nem fogadjuk el.
mail-password-subject = Megváltozott a jelszava
mail-password = A fiókja jelszavát megváltoztatták. Minden más helyen kiléptettük.
mail-account-activated-subject = Aktiválták a fiókját
mail-account-activated = Az Ügyfélkapu-fiókját aktiválták, és jelszót adtak meg hozzá.
mail-linked-subject = Azonosítót kapcsoltak a fiókjához
mail-linked = Egy máshol használt azonosítót kapcsoltak a fiókjához. Mostantól azzal is be lehet lépni.
mail-unlinked-subject = Megszüntettek egy összekapcsolást
mail-unlinked = A fiókjához kapcsolt egyik azonosítót eltávolították. Azzal már nem lehet belépni.
mail-wallet-code-subject = Kód az igazolás átvételéhez
mail-wallet-code =
    Jó napot kívánunk!

    Ezt a hatjegyű kódot kéri a tárcája:

    { $code }

    A kód 10 percig jó. Csak a saját telefonján írja be.

    Ha nem Ön kérte, valaki tudja a jelszavát, és nála van a kódja is. Hívjon minket.
mail-credential-issued-subject = Igazolást adtunk ki egy tárcába
mail-credential-issued = Személyi igazolást adtunk ki egy telefon tárcájába az Ön nevére.
mail-credential-revoked-subject = Visszavontunk egy igazolást
mail-credential-revoked = A tárcájába kiadott igazolást visszavonták. Azzal már nem lehet belépni.
mail-identified-subject = Ügyintéző igazolta az alkalmazását
mail-identified = Egy ügyintéző igazolta, hogy a fiókjához kapcsolt alkalmazás az Öné.
mail-lifted-subject = Megerősítették a hitelesítő alkalmazását
mail-lifted = Egy mobiltárca igazolta, hogy a hitelesítő alkalmazás az Öné. Mostantól olyan szolgáltatásokba is beléphet vele, amelyek erősebb bizonyítékot kérnek.
mail-opened-subject = Feloldották a fiókját
mail-opened = Egy mobiltárcával feloldották a zárolt fiókját. A régi jelszava már nem jó. Az új jelszóhoz külön levélben küldtünk kódot.
mail-frozen-subject = Zároltuk a fiókját
mail-frozen = A „Nem én voltam” hivatkozással zárolták a fiókját. Hívjon minket, vagy igazolja magát személyesen.

# Which part of the site a page is of.
part-kau = KAÜ
part-ugyfelkapu = Ügyfélkapu
part-dap = DÁP

# Where somebody goes on who was refused.
start-page = Vissza a kezdőlapra

# SAML: a request that is over, and what the metadata says
fault-request-over = A kérésre már született válasz
fault-request-over-advice = Ez a belépési kérés már nem használható: válaszoltunk rá, vagy túl régi. Kezdje újra a belépést ott, ahonnan indult: { $service }.
saml-name = Központi azonosítás (KAÜ)
saml-description = Belépés egy helyen minden kapcsolódó szolgáltatásba
saml-organization = Kapu
