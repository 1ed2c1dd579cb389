// The main journey, a step at a time, as a person walks it: only what is on the page is used.

import assert from 'node:assert/strict';
import { Authenticator, fill, heading, press, readQrCode, reloadUntil } from './kit.mjs';
import { WORDS } from './words.mjs';

/** The method URI of password and authenticator app. */
export const METHOD = 'urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp';

/** One person on the way from a password to two factors. */
export class Walk {
  /** `onPage` is told of each page that is reached; `portal` is where the person wants to go. */
  constructor({ demo, page, lang = 'hu', account, portal = 'magyarorszag', onPage = async () => {} }) {
    Object.assign(this, { demo, page, lang, account, portal, onPage, words: WORDS[lang] });
  }

  async #reached(expected) {
    assert.equal(await heading(this.page), expected);
    assert.equal(await this.page.locator('html').getAttribute('lang'), this.lang);
    await this.onPage(this.page, expected);
  }

  async #refused(text) {
    assert.ok((await this.page.getByRole('alert').innerText()).includes(text), `the alert says ${text}`);
    assert.ok((await this.page.title()).startsWith(this.words.error), 'the title says that there is an error');
    await this.onPage(this.page, text);
  }

  /** From the portal's front page to KAÜ's choice. */
  async arriveFromPortal() {
    await this.page.goto(this.demo.in(this.lang, this.portal));
    await this.onPage(this.page, this.portal);
    await press(this.page, this.words.signIn);
    await this.#reached(this.words.choose);
  }

  /** From KAÜ, with a password alone, to the start of the enrolment. */
  async signInWithPassword() {
    await press(this.page, this.words.withPassword);
    await this.#reached(this.words.signInAtAccount);
    await this.#typePassword();
    await this.#reached(this.words.enrolment);
  }

  /** The same, after a password that is wrong. */
  async signInAfterAMistake() {
    await press(this.page, this.words.withPassword);
    await this.#typePassword('nem ez a jelszó');
    await this.#refused(this.words.wrongPassword);
    await this.#typePassword();
    await this.#reached(this.words.enrolment);
  }

  async #typePassword(password = this.account.password) {
    await fill(this.page, this.words.userName, this.account.username);
    await fill(this.page, this.words.password, password);
    await press(this.page, this.words.signIn);
  }

  /** From the start of the enrolment to the page that asks for the mailed code. */
  async chooseApp() {
    await press(this.page, this.words.enrol);
    await this.#reached(this.words.app);
    await press(this.page, this.words.haveApp);
    await this.#reached(this.words.contact);
    await press(this.page, this.words.sendCode);
    await this.#reached(this.words.contactCode);
  }

  /** The same where the deletion code vouches: no code is mailed. */
  async chooseAppAgain() {
    await press(this.page, this.words.enrol);
    await this.#reached(this.words.app);
    await press(this.page, this.words.haveApp);
    await this.#reached(this.words.connect);
  }

  /** Reads the mailed code in the demo's post and types it. */
  async confirmContact() {
    await this.#typeContactCode(await this.#mailedCode());
    await this.#reached(this.words.connect);
  }

  /** The same, after a code that is wrong. */
  async confirmContactAfterAMistake() {
    const code = await this.#mailedCode();
    await this.#typeContactCode(code === '000000' ? '111111' : '000000');
    await this.#refused(this.words.wrongContactCode);
    await this.#typeContactCode(code);
    await this.#reached(this.words.connect);
  }

  async #typeContactCode(code) {
    await fill(this.page, this.words.contactCodeLabel, code);
    await press(this.page, this.words.on);
  }

  async #mailedCode() {
    const post = await this.page.context().newPage();
    await post.goto(this.demo.in(this.lang, 'posta'));
    await this.onPage(post, 'posta');
    await post.getByRole('link', { name: this.account.email }).click();
    const code = await reloadUntil(post, async () => {
      const letter = post.getByRole('link', { name: /Kód az Ügyfélkapu|Code for requesting/ }).first();
      if (!(await letter.count())) return undefined;
      await letter.click();
      return (await post.locator('main').innerText()).match(/^\s*(\d{6})\s*$/m)?.[1];
    });
    await this.onPage(post, 'letter');
    await post.close();
    return code;
  }

  /** Reads the QR code from the screen and types the password and a code. */
  async connect() {
    this.authenticator = Authenticator.from(await readQrCode(this.page));
    await this.#typeConnection(this.authenticator.code());
    await this.#reached(this.words.deletion);
  }

  /** The same, after a code that is wrong; then the password is not asked again. */
  async connectAfterAMistake() {
    this.authenticator = Authenticator.from(await readQrCode(this.page));
    await this.#typeConnection(this.authenticator.wrongCode());
    await this.#refused(this.words.otherPicture);
    await fill(this.page, this.words.connectCode, this.authenticator.code());
    await press(this.page, this.words.on);
    await this.#reached(this.words.deletion);
  }

  async #typeConnection(code) {
    await fill(this.page, this.words.password, this.account.password);
    await fill(this.page, this.words.connectCode, `${code.slice(0, 3)} ${code.slice(3)}`);
    await press(this.page, this.words.on);
  }

  /** Writes the deletion code down, ticks and finishes. */
  async finish() {
    await this.writeDown();
    await this.page.getByRole('checkbox', { name: this.words.saved }).check();
    await press(this.page, this.words.finish);
    await this.#reached(this.words.enrolled);
    assert.ok(await this.page.getByText(this.words.active, { exact: true }).first().isVisible());
  }

  /** The same, after forgetting the tick. */
  async finishAfterAMistake() {
    await this.writeDown();
    await press(this.page, this.words.finish);
    await this.#refused(this.words.notTicked);
    await this.page.getByRole('checkbox', { name: this.words.saved }).check();
    await press(this.page, this.words.finish);
    await this.#reached(this.words.enrolled);
  }

  /** Reads the deletion code from the screen. */
  async writeDown() {
    const text = await this.page.locator('main').innerText();
    this.deletionCode = text.match(/\b\d{5}\s+\d{5}\s+\d{5}\s+\d{5}\b/)?.[0].replace(/\s+/g, ' ');
    assert.ok(this.deletionCode, 'four groups of five digits are shown');
  }

  /** From "Befejezés" back to the portal, and in with both factors. */
  async enterPortal() {
    await press(this.page, this.words.backToPortal);
    if (new URL(this.page.url()).host.startsWith(`${this.portal}.`)) await press(this.page, this.words.signIn);
    await this.#reached(this.words.choose);
    await this.signInWithBoth();
  }

  /** From KAÜ's choice into the portal with password and code. */
  async signInWithBoth() {
    await this.giveBoth();
    await this.inPortal();
  }

  /** From KAÜ's choice to whoever asked, with password and code. The first time it is shown what they will receive. */
  async giveBoth({ isFirst = true } = {}) {
    await press(this.page, this.words.withApp);
    await this.#reached(this.words.passwordOf);
    await this.#typeAtKau();
    await this.#reached(this.words.codeOf);
    await fill(this.page, this.words.code, this.authenticator.code());
    await press(this.page, this.words.signIn);
    if (isFirst) await this.agree();
  }

  /** The same as `signInWithBoth`, after a wrong password and a wrong code. */
  async signInWithBothAfterMistakes() {
    await press(this.page, this.words.withApp);
    await this.#typeAtKau('nem ez a jelszó');
    await this.#refused(this.words.wrongPassword);
    await this.#typeAtKau();
    await fill(this.page, this.words.code, this.authenticator.wrongCode());
    await press(this.page, this.words.signIn);
    await this.#refused(this.words.wrongCode);
    await fill(this.page, this.words.code, this.authenticator.code());
    await press(this.page, this.words.signIn);
    await this.agree();
    await this.inPortal();
  }

  /** Sees what whoever asked will receive, and agrees. */
  async agree() {
    await this.page.waitForURL((url) => url.pathname.endsWith('/adatok'));
    const shown = await heading(this.page);
    assert.match(shown, this.words.consentOf);
    await this.onPage(this.page, shown);
    const text = await this.page.locator('main').innerText();
    for (const part of this.account.name.split(' ')) assert.ok(text.includes(part), `the page shows ${part}:\n${text}`);
    await press(this.page, this.words.agree);
  }

  async #typeAtKau(password = this.account.password) {
    await fill(this.page, this.words.userName, this.account.username);
    await fill(this.page, this.words.password, password);
    await press(this.page, this.words.signIn);
  }

  /** Holds that the portal knows the person, and by which method. */
  async inPortal() {
    await this.page.waitForURL((url) => url.host.startsWith(`${this.portal}.`) && url.pathname === '/');
    const text = await this.page.locator('main').innerText();
    for (const part of [...this.account.name.split(' '), METHOD, this.words.levelTwo]) {
      assert.ok(text.includes(part), `the portal shows ${part}:\n${text}`);
    }
    await this.onPage(this.page, `${this.portal}, signed in`);
  }

  /** Out of the portal and of the single sign-on. */
  async signOut() {
    await press(this.page, this.words.portalSignOut);
    await this.page.getByRole('heading', { level: 1, name: this.words.signedOut }).waitFor();
    await this.onPage(this.page, 'signed out');
    await this.arriveFromPortal();
  }

  /** From the deletion code to a new enrolment. */
  async losePhone() {
    await this.page.goto(this.demo.in(this.lang, 'ugyfelkapu', '/elveszett'));
    await this.onPage(this.page, 'lost phone');
    await fill(this.page, this.words.userName, this.account.username);
    await fill(this.page, this.words.password, this.account.password);
    await fill(this.page, this.words.deletionCode, this.deletionCode);
    await this.page.locator('main form').last().getByRole('button').click();
    await this.#reached(this.words.newPhone);
  }
}
