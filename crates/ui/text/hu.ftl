# The layout
skip = Ugrás a tartalomhoz
other-language = English
other-language-tag = en
error-prefix = Hiba:
error-summary = Javítsa ki a következőt
asides = Tudnivalók
stuck = Elakadt?
stuck-when = Hívjon minket hétköznap 8 és 18 óra között. A kódját és a jelszavát soha nem kérjük el.
stuck-help = Segítség és útmutató
help = Segítség
guide = Nyomtatható útmutató
accessibility = Akadálymentesség
privacy = Adatkezelés
footer-links = Láblécben lévő hivatkozások
not-a-state-site = A Kapu mintarendszer, nem állami honlap. Minden személy és szolgáltatás kitalált.
