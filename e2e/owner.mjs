// Somebody with an authenticator who asks for a person credential at the account page, and signs in with it elsewhere.

import assert from 'node:assert/strict';
import { Authenticator, fill, heading, press, reloadUntil } from './kit.mjs';
import { WORDS } from './words.mjs';

export const TEXTS = {
  hu: {
    askFor: 'Igazolás kérése',
    code: /^Hatjegyű kód/,
    letter: /^Kód az igazolás|^Code for/,
    byWallet: /^DÁP mobilalkalmazással/,
    scan: 'Olvassa be a mobiltárcájával',
    scanned: 'Beolvasva.',
    throughBrowser: 'Belépés a böngészőn át',
    approved: 'Jóváhagytam, tovább',
    digits: 'Írja be a telefonján látott négy számjegyet',
    digitsLabel: 'Négy számjegy',
    here: 'Megnyitás a mobiltárcában',
    onward: /^Tovább/,
    age: 'Életkor igazolása',
    ageOnCard: 'Elmúlt 18 éves: igen',
    ages: 'Életkori határok',
    adult: 'Elmúlt 18 éves',
    fromWallet: 'Adatok a mobiltárcából',
    notGiven: 'A tárcája ezeket nem adta meg. Nélkülük is beléphet.',
    yes: 'igen',
    valid: 'Érvényes',
    substantial: 'jelentős',
    revoke: /^Visszavonás/,
    failed: 'Így nem sikerült belépnie',
    refused: 'Elutasította a belépést',
  },
  en: {
    askFor: 'Ask for a credential',
    code: /^6-digit code/,
    letter: /^Kód az igazolás|^Code for/,
    byWallet: /^With the DÁP mobile app/,
    scan: 'Scan with your mobile wallet',
    scanned: 'Scanned.',
    throughBrowser: 'Sign in through the browser',
    approved: 'I approved it, continue',
    digits: 'Type the four digits that your phone shows',
    digitsLabel: 'Four digits',
    here: 'Open in mobile wallet',
    onward: /^Continue/,
    age: 'Prove your age',
    ageOnCard: 'Is 18 or older: yes',
    ages: 'Age limits',
    adult: 'Is 18 or older',
    fromWallet: 'Get them from the wallet',
    notGiven: 'Your wallet did not give these. You can sign in without them.',
    yes: 'yes',
    valid: 'Valid',
    substantial: 'substantial',
    revoke: /^Revoke/,
    failed: 'This sign-in did not work',
    refused: 'You refused the sign-in',
  },
};

/** The four digits on a phone's page. */
export const digitsOn = async (page) => (await page.locator('main').innerText()).match(/\d(?:\s*\d){3}/)[0].replace(/\s/g, '');

/** A person at a computer. */
export class Owner {
  constructor(demo, account, { page, context, script = true }, lang) {
    Object.assign(this, { demo, account, page, context, script, lang });
    this.texts = TEXTS[lang];
    this.words = WORDS[lang];
  }

  /** Signs in at the account page and asks there; gives the offer's link and the code that was mailed. */
  async askForCredential() {
    const authenticator = new Authenticator(this.account.totp_secret);
    await this.typePassword();
    await fill(this.page, this.words.code, authenticator.code());
    await press(this.page, this.words.signIn);
    return this.askWith(authenticator);
  }

  /** At the account page as nobody, by the password. */
  async typePassword() {
    const { demo, account, page, lang, words } = this;
    await page.goto(demo.in(lang, 'ugyfelkapu'));
    await fill(page, words.userName, account.username);
    await fill(page, words.password, account.password);
    await press(page, words.signIn);
  }

  /** The same for somebody who is signed in. */
  async askWith(authenticator) {
    const { demo, account, page, lang, texts, words } = this;
    await page.goto(demo.in(lang, 'ugyfelkapu', '/tarca'));
    await fill(page, words.password, account.password);
    await page.getByLabel(texts.code).fill(authenticator.code());
    await press(page, texts.askFor);
    const link = (await page.locator('#ajanlat').innerText()).trim();
    assert.ok(link.startsWith(`${demo.at('telefon', '/tarca')}?credential_offer_uri=`), link);
    return { link, code: await this.mailed(texts.letter, /^\s*(\d{6})\s*$/m) };
  }

  /** What the newest letter of that subject says. */
  async mailed(subject, what) {
    const { demo, account, lang } = this;
    const post = await this.context.newPage();
    await post.goto(demo.in(lang, 'posta'));
    await post.getByRole('link', { name: account.email }).click();
    const code = await reloadUntil(post, async () => {
      const letter = post.getByRole('link', { name: subject }).first();
      if (!(await letter.count())) return undefined;
      await letter.click();
      return (await post.locator('main').innerText()).match(what)?.[1];
    });
    await post.close();
    return code;
  }

  /** As nobody in particular, begins a sign-in by wallet at a service. */
  async begin() {
    const { demo, page, lang, texts, words } = this;
    await this.context.clearCookies({ domain: /kau|kenyszi|ugyfelkapu/ });
    await page.goto(demo.in(lang, 'kenyszi'));
    await press(page, words.signIn);
    await press(page, texts.byWallet);
    assert.equal(await heading(page), texts.scan);
  }

  /** What is to be typed into the wallet. */
  async typedCode() {
    return (await this.page.locator('.typed').innerText()).trim();
  }

  /** The link for a wallet on the same device. */
  link() {
    return this.page.getByRole('link', { name: this.texts.here }).getAttribute('href');
  }

  /** At the page that follows the phone's: with scripts it comes by itself. */
  async movedOnTo(name) {
    if (!this.script) await press(this.page, this.texts.approved);
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  /** Types the phone's digits. */
  async typeDigits(digits) {
    const { page, texts } = this;
    await this.movedOnTo(texts.digits);
    await fill(page, texts.digitsLabel, digits);
    await page.getByRole('main').getByRole('button').first().click();
  }

  /** From the picture to what comes after the digits, by a phone at another device; `onAsk` is told when it asks its owner. */
  async showBy(phone, onAsk = async () => {}) {
    const typed = await this.typedCode();
    await phone.visit();
    await phone.open();
    await phone.paste(typed);
    await phone.at(phone.words.ask);
    await onAsk();
    await phone.press(phone.words.agree);
    await phone.at(phone.words.sent);
    await phone.press(this.texts.onward);
    await this.typeDigits(await digitsOn(phone.page));
  }

  /** At the service, with no factor but the wallet: the sign-in is as sure as the credential. */
  async isIn(page = this.page) {
    // A response by SAML is posted by a button where no script presses it.
    if (!this.script) await press(page, this.texts.onward);
    await page.waitForURL(/kenyszi\.localhost/);
    const told = await page.locator('main').innerText();
    assert.ok(told.includes(this.account.name.split(' ')[0]) && told.includes(this.texts.substantial), told);
  }
}
