// The demo's phone proves whose an account is: it opens a frozen account, stands in for the mailed code at enrolling, and
// lifts an authenticator. What the authenticator itself vouched for proves nothing about it.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { arrivals } from './inspect.mjs';
import { Authenticator, Demo, fill, heading, launch, open, press } from './kit.mjs';
import { Owner } from './owner.mjs';
import { Walk } from './walk.mjs';
import { Phone } from './wallet-walk.mjs';

const TEXTS = {
  hu: {
    frozen: 'A fiókját zároltuk',
    unfreeze: 'Zárolt fiók feloldása',
    prove: 'Igazolom magam a DÁP mobilalkalmazással',
    which: 'Melyik igazolványból',
    open: 'Feloldja a fiókját?',
    openIt: 'Feloldom a fiókomat',
    opened: 'Feloldottuk a fiókját',
    ownWord: 'Ez az igazolás nem szólhat önmaga mellett',
    help: /^Hívja az ügyfélszolgálatot/,
    choose: 'Új jelszót választok',
    activationCode: 'Aktiváló kód',
    newPassword: 'Új jelszó',
    again: 'Új jelszó még egyszer',
    activate: 'Fiók aktiválása',
    works: 'Az új jelszava él. Jelentkezzen be vele.',
    byPhone: 'Igazolja magát a telefonjával',
    proved: 'Igazolta, hogy Öné a fiók',
    otherDevice: 'Beállítás másik eszközre',
    oldCode: 'Hatjegyű kód a régi eszközről',
    lift: 'Megerősítés',
    liftLink: 'Megerősítés a DÁP mobilalkalmazással',
    almost: 'Már csak a jelszava és egy kód kell',
    liftIt: 'Megerősítem',
    status: 'Aktiválás és inaktiválás',
    askFor: 'Igazolás kérése',
    notAssured: /^Most nem adhatunk ki igazolást/,
  },
  en: {
    frozen: 'We have locked your account',
    unfreeze: 'Unlock a locked account',
    prove: 'Prove it with the DÁP mobile app',
    which: 'From which card',
    open: 'Unlock your account?',
    openIt: 'Unlock my account',
    opened: 'We have unlocked your account',
    ownWord: 'This credential cannot speak for itself',
    help: /^Call the help line/,
    choose: 'Choose a new password',
    activationCode: 'Activation code',
    newPassword: 'New password',
    again: 'New password again',
    activate: 'Activate the account',
    works: 'Your new password works. Sign in with it.',
    byPhone: 'Prove your identity with your phone',
    proved: 'You have shown that the account is yours',
    otherDevice: 'Set up on another device',
    oldCode: '6-digit code from the old device',
    lift: 'Confirmation',
    liftLink: 'Confirm with the DÁP mobile app',
    almost: 'Now only your password and a code',
    liftIt: 'Confirm',
    status: 'Activate and deactivate',
    askFor: 'Ask for a credential',
    notAssured: /^We cannot issue a credential now/,
  },
};

/** The letter with the code for a new password, and the code. */
const LETTER = [/^Kód az új Ügyfélkapu-jelszavához/, /^\s*([2-9B-Z]{5}-[2-9B-Z]{5})\s*$/m];
const PASSWORDS = ['narancs-hinta-fenyo-44', 'szilva-csonak-domb-51'];

let browser, demo;
before(async () => ([browser, demo] = await Promise.all([launch(), Demo.start()])));
after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const [lang, width, isOnPhone] of [['hu', 320, true], ['en', 1280, false]]) {
  describe(`a wallet as proof in ${lang} at ${width} px, ${isOnPhone ? 'on the phone itself' : 'at a computer'}`, () => {
    const texts = TEXTS[lang];
    let account, desk, phone, owner, words, page, isAt;

    before(async () => {
      account = demo.withAuthenticator();
      demo.command('person', 'identify', account.username);
      phone = new Phone(await open(browser, { lang, width: 320 }), lang, demo.at('telefon', '/tarca'));
      desk = isOnPhone ? phone : await open(browser, { lang, width });
      owner = new Owner(demo, account, desk, lang);
      ({ words, page } = owner);
      isAt = arrivals(page, { lang, width });
    });

    after(async () => {
      await phone?.close();
      if (!isOnPhone) await desk?.close();
    });

    /** From the page that asks for it, shows the nth of the phone's cards, of which the newest is the first; up to the page that says what follows. */
    const prove = async (nth, name) => {
      await press(page, texts.prove);
      await isAt(owner.texts.scan);
      const choose = async () => {
        const which = phone.page.getByLabel(texts.which);
        if (!(await which.count())) return;
        await which.selectOption({ index: nth });
        await phone.inspect('from which card');
      };
      if (isOnPhone) {
        await press(page, owner.texts.here);
        await phone.open();
        await phone.at(phone.words.ask);
        await choose();
        await phone.press(phone.words.agree);
        await phone.at(phone.words.sent);
        await phone.press(owner.texts.onward);
      } else {
        await owner.showBy(phone, choose);
      }
      await isAt(name);
    };

    const signIn = async (code) => {
      await owner.context.clearCookies({ domain: /ugyfelkapu/ });
      await owner.typePassword();
      if (code) {
        await fill(page, words.code, code);
        await press(page, words.signIn);
      }
    };

    /** Guesses until the account is frozen: twenty wrong codes, of which the waits would take minutes. */
    const freeze = async (authenticator) => {
      await signIn(authenticator.wrongCode());
      await page.getByRole('alert').getByText(words.wrongCode).waitFor();
      demo.write(`UPDATE attempts SET attempts = replace(attempts, '"since_success":1,', '"since_success":19,') WHERE attempts LIKE '%"since_success":1,%'`);
      await fill(page, words.code, authenticator.wrongCode());
      await press(page, words.signIn);
      await isAt(texts.frozen);
    };

    /** Opens it with what the phone proves, and chooses another password. */
    const unfreeze = async (nth, password) => {
      await press(page, texts.unfreeze);
      await isAt(texts.unfreeze);
      await prove(nth, texts.open);
      await press(page, texts.openIt);
      await isAt(texts.opened);
      const code = await owner.mailed(...LETTER);
      await press(page, texts.choose);
      await fill(page, words.userName, account.username);
      await fill(page, texts.activationCode, code);
      await fill(page, texts.newPassword, password);
      await fill(page, texts.again, password);
      await press(page, texts.activate);
      await page.getByText(texts.works).waitFor();
      account.password = password;
      await signIn();
      assert.equal(await heading(page), words.enrolment);
    };

    /** Connects an app, to the end; gives it as it is when its first code is over. */
    const connected = async (walk = new Walk({ demo, page, lang, account })) => {
      await walk.connect();
      await walk.finish();
      demo.letCodesPass(account);
      return walk.authenticator.later();
    };

    /** Whether the account's page has a credential for whoever has this authenticator. */
    const isSubstantial = async (is) => {
      await page.goto(demo.in(lang, 'ugyfelkapu', '/aktivalas'));
      assert.equal(await page.getByRole('link', { name: texts.liftLink }).count(), is ? 0 : 1);
      await page.goto(demo.in(lang, 'ugyfelkapu', '/tarca'));
      assert.equal(await page.getByRole('button', { name: texts.askFor }).count(), is ? 1 : 0);
      assert.equal(await page.getByText(texts.notAssured).count(), is ? 0 : 1);
    };

    it('opens what wrong codes froze', async () => {
      const offer = await owner.askForCredential();
      await phone.visit();
      await phone.setPin();
      await phone.take(offer);
      await freeze(new Authenticator(account.totp_secret));
      await unfreeze(0, PASSWORDS[0]);
    });

    let app;

    it('stands in for the mailed code at enrolling', async () => {
      await press(page, words.enrol);
      await press(page, words.haveApp);
      await isAt(words.contact);
      await press(page, texts.prove);
      await isAt(texts.byPhone);
      await prove(0, texts.proved);
      await press(page, words.on);
      app = await connected();
      await signIn(app.code());
      await isSubstantial(true);
    });

    it('does not open what it stands on', async () => {
      await page.goto(demo.in(lang, 'ugyfelkapu', '/aktivalas'));
      await press(page, texts.otherDevice);
      await fill(page, words.password, account.password);
      await fill(page, texts.oldCode, app.code());
      await press(page, words.on);
      await press(page, words.haveApp);
      const another = await connected();
      const offer = await owner.askWith(another);
      await phone.visit();
      await phone.open();
      await phone.take(offer);
      await freeze(another);
      await press(page, texts.unfreeze);
      await prove(0, texts.ownWord);
      await page.getByText(texts.help).waitFor();
      assert.equal(await page.getByRole('main').getByRole('button').count(), 0);
      await signIn();
      assert.equal(await heading(page), texts.frozen);
      // What was issued before, on a clerk's word, does.
      await unfreeze(1, PASSWORDS[1]);
    });

    it('lifts an authenticator that a mailed code connected', async () => {
      const walk = new Walk({ demo, page, lang, account });
      await walk.chooseApp();
      await walk.confirmContact();
      app = await connected(walk);
      await signIn(app.code());
      await isSubstantial(false);
      await page.goto(demo.in(lang, 'ugyfelkapu', '/aktivalas'));
      await press(page, texts.liftLink);
      await isAt(texts.lift);
      await prove(1, texts.almost);
      await fill(page, words.password, account.password);
      await fill(page, words.connectCode, app.code());
      await press(page, texts.liftIt);
      await isAt(texts.status);
      await isSubstantial(true);
    });
  });
}
