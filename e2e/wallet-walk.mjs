// A person with the phone's wallet: its words, typed by hand, and its steps.

import { Demo, fetchLocal, fill, freePort, heading, open, press } from './kit.mjs';
import { Authority, DOCUMENT_SIGNER, Issuer, READER, Verifier, serve } from './wallet-parties.mjs';
import { inspect } from './inspect.mjs';

export const PIN = '593017';
export const SECOND_CODE = '4711';
/** The scripts that the wallet's page may have: its first module, and the data for it. */
const SCRIPTS = '[src^="/tarca/"], [type="application/json"]';

export const WORDS = {
  hu: {
    set: 'Adjon meg egy PIN-kódot',
    pin: 'PIN-kód',
    pinAgain: 'PIN-kód még egyszer',
    setPin: 'PIN-kód beállítása',
    weak: 'Hat számjegyet írjon be, ne csupa egyformát vagy egymást követőt.',
    differs: 'A két PIN-kód nem egyezik. Írja be újra mindkettőt.',
    open: 'Nyissa meg a tárcát',
    openIt: 'Megnyitás',
    wrongPin: 'Ez a PIN-kód nem jó. 10 rossz próba után a tárca mindent töröl.',
    home: 'Az Ön igazolványai',
    empty: 'Még nincs igazolványa.',
    lock: 'Zárolás',
    forgot: 'Elfelejtettem a PIN-kódot',
    emptyIt: 'Minden törlése',
    toHome: 'Az igazolványokhoz',
    toLink: 'Beolvasás vagy beillesztés',
    linkPage: 'Olvassa be vagy illessze be',
    link: 'Hivatkozás vagy rövid kód',
    next: 'Tovább',
    badLink: 'Ez nem igazolvány és nem kérés hivatkozása. Másolja ki újra az ábra mellől.',
    offer: 'Átveszi ezt az igazolványt?',
    secondCode: 'Átvételi kód',
    wrongCode: 'Ez az átvételi kód nem jó, vagy lejárt. Nézze meg újra, és írja be még egyszer.',
    take: 'Átveszem',
    card: 'Személyi adatok',
    arrived: 'Az igazolvány megérkezett.',
    mail: 'Levélcím',
    born: '1980. május 17.',
    see: 'Adatok megnézése: Személyi adatok',
    ask: 'Megmutatja ezeket az adatokat?',
    why: 'Belépés az ügyeihez.',
    sendsAll: 'Ezeket küldjük el: Családi név, Utónév, Levélcím.',
    sendsNames: 'Ezeket küldjük el: Családi név, Utónév.',
    agree: 'Megmutatom',
    decline: 'Elutasítom',
    notEnough: 'Ennyi nem elég annak, aki kéri. Jelöljön be többet, vagy utasítsa el.',
    scan: 'QR-kód beolvasása kamerával',
    sent: 'Elküldte az adatokat',
    declined: 'Elutasította a kérést',
    onward: /^Tovább: ellenor\.localhost/,
    history: 'Előzmények',
    happened: ['Elutasított egy kérést', 'Adatokat mutatott meg', 'Igazolványt vett át'],
    fault: 'Ez nem sikerült',
    stranger: 'Senki nem igazolja, akiben ez a tárca megbízik.',
    delete: 'Igazolvány törlése',
    deleteIt: 'Törlés',
    deleted: 'Az igazolványt törölte.',
    standing: { 1: /^Visszavonták/, 2: /^A kiállító felfüggesztette/ },
  },
  en: {
    set: 'Choose a PIN',
    pin: 'PIN',
    pinAgain: 'PIN once more',
    setPin: 'Set the PIN',
    weak: 'Enter six digits, not all the same and not in a row.',
    differs: 'The two PINs differ. Enter both again.',
    open: 'Open the wallet',
    openIt: 'Open',
    wrongPin: 'This PIN is wrong. After 10 wrong tries the wallet deletes everything.',
    home: 'Your cards',
    empty: 'You have no card yet.',
    lock: 'Lock',
    forgot: 'I forgot the PIN',
    emptyIt: 'Delete everything',
    toHome: 'To the cards',
    toLink: 'Scan or paste',
    linkPage: 'Scan or paste',
    link: 'Link or short code',
    next: 'Continue',
    badLink: 'This is no link of a card or a request. Copy it again from beside the picture.',
    offer: 'Do you take this card?',
    secondCode: 'Code for taking it',
    wrongCode: 'This code is wrong or has run out. Look at it again and enter it once more.',
    take: 'Take it',
    card: 'Person data',
    arrived: 'The card has arrived.',
    mail: 'Mail address',
    born: '17 May 1980',
    see: 'See the data: Person data',
    ask: 'Show these data?',
    why: 'Sign-in to your affairs.',
    sendsAll: 'This will be sent: Family name, Given name, Mail address.',
    sendsNames: 'This will be sent: Family name, Given name.',
    agree: 'Show them',
    decline: 'Decline',
    notEnough: 'This is not enough for who asks. Tick more, or decline.',
    scan: 'Scan a QR code with the camera',
    sent: 'The data are sent',
    declined: 'You declined',
    onward: /^Continue to ellenor\.localhost/,
    history: 'History',
    happened: ['You declined a request', 'You showed data', 'You received a card'],
    fault: 'This did not work',
    stranger: 'Nobody whom this wallet trusts vouches for them.',
    delete: 'Delete the card',
    deleteIt: 'Delete',
    deleted: 'The card is deleted.',
    standing: { 1: /^Revoked/, 2: /^Suspended/ },
  },
};

/** The demo, and an issuer and a verifier that are not Kapu's, each at an origin of its own. */
export class World {
  static async start() {
    const world = new World();
    world.demo = await Demo.start();
    world.authority = await Authority.create('Minta hitelesítő');
    world.issuing = await world.authority.certify({ name: 'Minta Kiállító', use: DOCUMENT_SIGNER, dns: ['kiallito.localhost'] });
    world.reading = await world.authority.certify({ name: 'Kapu minta', use: READER });
    world.port = await freePort();
    world.parties = { [`telefon.localhost:${world.port}`]: new OtherInstallation(world) };
    world.close = await serve(world.port, world.parties);
    return world;
  }

  origin(name) {
    return `http://${name}.localhost:${this.port}`;
  }

  /** A new offer. */
  issuer(options = { secondCode: SECOND_CODE, dpop: true }) {
    return (this.parties[`kiallito.localhost:${this.port}`] = new Issuer(this.origin('kiallito'), this.issuing, options));
  }

  /** A new request. */
  verifier(certified = this.reading) {
    const verifier = new Verifier(this.origin('ellenor'), certified, this.issuing);
    this.parties[`ellenor.localhost:${this.port}`] = verifier;
    return verifier.init();
  }

  get wallet() {
    return `${this.origin('telefon')}/tarca`;
  }

  async stop() {
    await this.close();
    await this.demo.stop();
  }

  /** A person's phone. */
  async phone(browser, options) {
    return new Phone(await open(browser, options), options?.lang ?? 'hu', this.wallet);
  }
}

/**
 * The demo's phone as another installation would have it: all that it answers is the demo's, but whom its
 * wallet trusts, which is these parties.
 */
class OtherInstallation {
  constructor(world) {
    this.world = world;
  }

  get trust() {
    const { world } = this;
    const anchors = [Buffer.from(world.authority.der).toString('base64')];
    return { origins: [world.origin('kiallito'), world.origin('ellenor')], issuerAnchors: anchors, verifierAnchors: anchors, shortCodes: `${world.origin('ellenor')}/k/` };
  }

  async answer(request) {
    const { pathname, search } = new URL(request.url);
    const { host: _, 'accept-encoding': __, connection: ___, ...headers } = Object.fromEntries(request.headers);
    const answer = await fetchLocal(this.world.demo.at('telefon', `${pathname}${search}`), { headers });
    if (pathname !== '/tarca') return answer;
    const { trust } = this;
    const html = await answer.text();
    const body = html.replace(/(id="tarca-adatok">)(.*?)(<\/script>)/s, (_, before, data, after) => before + JSON.stringify({ ...JSON.parse(data), trust }) + after);
    const told = new Headers(answer.headers);
    told.delete('content-length');
    told.set('content-security-policy', told.get('content-security-policy').replace("connect-src 'self'", `connect-src 'self' ${trust.origins.join(' ')}`));
    return new Response(body, { status: answer.status, headers: told });
  }
}

/** A phone in somebody's hand. */
export class Phone {
  constructor({ page, context, close }, lang, wallet) {
    Object.assign(this, { page, context, close, lang, wallet, words: WORDS[lang] });
  }

  visit(query = '') {
    const address = new URL(this.wallet);
    address.search = query;
    if (this.lang !== 'hu') address.searchParams.set('lang', this.lang);
    return this.page.goto(address.href);
  }

  /** Waits for a view, which its heading names. */
  async at(name) {
    await this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  }

  press(name) {
    return press(this.page, name);
  }

  fill(label, value) {
    return fill(this.page, label, value);
  }

  async status() {
    return (await this.page.getByRole('status').allInnerTexts()).join(' ').trim();
  }

  heading() {
    return heading(this.page);
  }

  inspect(name) {
    return inspect(this.page, name, { lang: this.lang, scripts: SCRIPTS });
  }

  async setPin() {
    const { words } = this;
    await this.at(words.set);
    await this.fill(words.pin, PIN);
    await this.fill(words.pinAgain, PIN);
    await this.press(words.setPin);
  }

  async open() {
    const { words } = this;
    await this.at(words.open);
    await this.fill(words.pin, PIN);
    await this.press(words.openIt);
  }

  /** Pastes a link from the list of cards. */
  async paste(link) {
    const { words } = this;
    await this.press(words.toLink);
    await this.page.getByLabel(words.link, { exact: true }).waitFor();
    await this.fill(words.link, link);
    await this.press(words.next);
  }

  /** Receives a card from the list of cards. */
  async receive(issuer) {
    const { words } = this;
    await this.paste(await issuer.link());
    await this.at(words.offer);
    await this.fill(words.secondCode, SECOND_CODE);
    await this.press(words.take);
    await this.at(words.card);
  }

  /** The same from our own issuer, with the code that was mailed; `onOffer` is told when it is shown. */
  async take({ link, code }, onOffer = async () => {}) {
    const { page, words } = this;
    await this.paste(link);
    await this.at(words.offer);
    await onOffer();
    await page.getByLabel(words.secondCode).fill(code);
    await this.press(words.take);
    await page.getByRole('status').getByText(words.arrived).waitFor();
  }
}

