// The phone's wallet in a real browser: a PIN, a card from an issuer, data for a verifier, and without a
// network.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { launch, open, press } from './kit.mjs';
import { PIN, Phone, SECOND_CODE, World } from './wallet-walk.mjs';
import { validate } from './inspect.mjs';
import { Authority, PERSON, READER } from './wallet-parties.mjs';

let world, browser;

before(async () => {
  world = await World.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

const focused = (page) => page.evaluate(() => document.activeElement.tagName);

for (const [lang, width] of [['hu', 1280], ['en', 320]]) {
  describe(`the wallet in ${lang} at ${width} px`, () => {
    let phone;
    before(async () => {
      phone = await world.phone(browser, { lang, width });
    });
    after(() => phone.close());

    it('begins with a PIN that is not the first to be guessed', async () => {
      const { words, page } = phone;
      const answer = await phone.visit();
      await validate(await answer.text(), 'tarca');
      await phone.at(words.set);
      await phone.inspect('set the PIN');
      for (const [pin, again, problem] of [['123456', '123456', words.weak], ['', '', words.weak], [PIN, '111111', words.differs]]) {
        await phone.fill(words.pin, pin);
        await phone.fill(words.pinAgain, again);
        await phone.press(words.setPin);
        await page.getByRole('alert').getByText(problem).waitFor();
      }
      await phone.inspect('a PIN with a problem');
      await phone.setPin();
      await phone.at(words.home);
      assert.equal(await focused(page), 'H1', 'a new view is read from its heading');
      assert.ok((await page.locator('main').innerText()).includes(words.empty));
      await phone.inspect('no cards');
    });

    it('opens with that PIN only, after every visit', async () => {
      const { words, page } = phone;
      await phone.press(words.lock);
      await phone.at(words.open);
      await phone.fill(words.pin, '593018');
      await phone.press(words.openIt);
      await page.getByRole('alert').getByText(words.wrongPin).waitFor();
      await phone.inspect('a wrong PIN');
      await page.reload();
      await phone.open();
      await phone.at(words.home);
    });

    it('receives a card', async () => {
      const { words, page } = phone;
      const issuer = world.issuer();
      await phone.paste('https://example.org/');
      await page.getByRole('alert').getByText(words.badLink).waitFor();
      await phone.inspect('a link that is none');
      await phone.fill(words.link, await issuer.link());
      await phone.press(words.next);
      await phone.at(words.offer);
      await phone.inspect('an offer');
      await phone.fill(words.secondCode, '0000');
      await phone.press(words.take);
      await page.getByRole('alert').getByText(words.wrongCode).waitFor();
      await phone.fill(words.secondCode, SECOND_CODE);
      await phone.press(words.take);
      await phone.at(words.card);
      assert.equal(await phone.status(), words.arrived);
      const shown = await page.locator('main').innerText();
      for (const text of [PERSON.family_name, words.mail, PERSON.email, words.born, 'Szeged']) assert.ok(shown.includes(text), text);
      await phone.inspect('a card');
      assert.deepEqual(issuer.notified, { notification_id: 'n-1', event: 'credential_accepted' });
      assert.equal(issuer.fault, undefined);
    });

    it('shows what its owner agrees to, and leads on', async () => {
      const { words, page } = phone;
      const verifier = await world.verifier();
      await page.goto(verifier.link(world.wallet) + (lang === 'en' ? '&lang=en' : ''));
      await phone.open();
      await phone.at(words.ask);
      const shown = await page.locator('main').innerText();
      for (const text of ['Kapu minta', 'Minta hitelesítő', 'ellenor.localhost', 'Magyarorszag.hu', words.why, PERSON.family_name]) assert.ok(shown.includes(text), text);
      assert.equal(await phone.status(), words.sendsAll);
      assert.equal(new URL(page.url()).search, '', 'the link left the address');
      await phone.inspect('consent');
      // The other language asks the same, after the PIN.
      const other = new Phone({ page }, lang === 'hu' ? 'en' : 'hu', world.wallet);
      await press(page, lang === 'hu' ? 'English' : 'Magyar');
      await other.open();
      await other.at(other.words.ask);
      await press(page, lang === 'hu' ? 'Magyar' : 'English');
      await phone.open();
      await phone.at(words.ask);
      await page.getByLabel(`${words.mail}: ${PERSON.email}`).uncheck();
      assert.equal(await phone.status(), words.sendsNames);
      await phone.press(words.agree);
      await phone.at(words.sent);
      await phone.inspect('sent');
      assert.equal(verifier.fault, undefined);
      assert.deepEqual(Object.keys(PERSON).filter((name) => name in verifier.shown.pid), ['family_name', 'given_name']);
      await phone.press(words.onward);
      await phone.at('4702');
    });

    it('takes a short code, and sends nothing when its owner declines', async () => {
      const { words } = phone;
      const verifier = await world.verifier();
      await phone.visit();
      await phone.open();
      await phone.paste('h4-92-kx');
      await phone.at(words.ask);
      await phone.press(words.decline);
      await phone.at(words.declined);
      assert.deepEqual(verifier.posted, { error: 'access_denied', state: verifier.state });
      await phone.press(words.toHome);
      await phone.at(words.home);
    });

    it('tells nobody anything whom nobody vouches for', async () => {
      const { words, page } = phone;
      const stranger = await (await Authority.create('Minta hitelesítő')).certify({ name: 'Kapu minta', use: READER });
      const verifier = await world.verifier(stranger);
      await phone.paste(verifier.link());
      await phone.at(words.fault);
      await page.getByText(words.stranger).waitFor();
      await phone.inspect('a stranger');
      assert.equal(verifier.posted, undefined);
      await phone.press(words.toHome);
    });

    it('remembers what happened, goes back, and deletes', async () => {
      const { words, page } = phone;
      await phone.press(words.history);
      await phone.at(words.history);
      assert.deepEqual(await page.locator('main .cards h2').allInnerTexts(), words.happened);
      await phone.inspect('history');
      await page.goBack();
      await phone.at(words.home);
      await phone.press(words.see);
      await phone.at(words.card);
      await phone.press(words.delete);
      await phone.press(words.deleteIt);
      await phone.at(words.home);
      assert.equal(await phone.status(), words.deleted);
      await phone.press(words.lock);
      await phone.press(words.forgot);
      await phone.press(words.emptyIt);
      await phone.at(words.set);
    });
  });
}

describe('the wallet', () => {
  it('opens and shows its cards in both languages without a network', async () => {
    const phone = await world.phone(browser);
    const { page, context, words } = phone;
    await phone.visit();
    await phone.setPin();
    await phone.at(words.home);
    await phone.receive(world.issuer());
    await page.evaluate(() => navigator.serviceWorker.ready);
    await context.setOffline(true);
    await page.reload();
    await phone.open();
    await phone.at(words.home);
    await press(page, 'English');
    const english = new Phone(phone, 'en', world.wallet);
    await english.open();
    await english.at(english.words.home);
    await english.press(english.words.see);
    await english.at(english.words.card);
    assert.ok((await page.locator('main').innerText()).includes(PERSON.email));
    await english.inspect('offline');
    await english.press(english.words.toHome);
    await english.paste('h4-92-kx');
    await english.at(english.words.fault);
    await context.setOffline(false);
    await phone.close();
  });

  it('says what became of a card at its issuer', async () => {
    const phone = await world.phone(browser);
    const { page, words } = phone;
    const issuer = world.issuer();
    issuer.issued = { more: { iss: issuer.origin, status: { status_list: { idx: 3, uri: `${issuer.origin}/status/1` } } } };
    await phone.visit();
    await phone.setPin();
    await phone.receive(issuer);
    const said = page.locator('main [aria-live]');
    for (const status of [1, 2]) {
      issuer.status = status;
      await phone.visit();
      await phone.open();
      await phone.at(words.home);
      await said.getByText(words.standing[status]).waitFor();
      await phone.inspect('a card that is good no more');
      await phone.press(words.see);
      await said.getByText(words.standing[status]).waitFor();
    }
    issuer.status = 0;
    await phone.visit();
    await phone.open();
    await phone.at(words.home);
    await page.waitForLoadState('networkidle');
    assert.equal(await said.innerText(), '');
    await phone.close();
  });

  it('is used by the keyboard alone, and asks for enough', async () => {
    const phone = await world.phone(browser, { width: 320 });
    const { page, words } = phone;
    const type = async (label, value) => {
      await page.getByLabel(label, { exact: true }).focus();
      await page.keyboard.type(value);
      await page.keyboard.press('Enter');
    };
    /** Goes on by Tab until what is called so has the focus. */
    const tabTo = async (name) => {
      for (let steps = 0; steps < 30; steps += 1) {
        await page.keyboard.press('Tab');
        const here = await page.evaluate(() => document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText);
        if (here === name) return;
      }
      assert.fail(`Tab never came to ${name}`);
    };
    await phone.visit();
    await phone.at(words.set);
    await page.getByLabel(words.pin, { exact: true }).fill(PIN);
    await type(words.pinAgain, PIN);
    await phone.at(words.home);
    await phone.receive(world.issuer());
    const verifier = await world.verifier();
    // Two optional claims of which one is needed.
    const [pid] = verifier.query.credentials;
    verifier.query = { credentials: [{ ...pid, claims: [...pid.claims, { id: 'birth', path: ['birthdate'] }], claim_sets: [['family', 'email'], ['family', 'birth']] }] };
    await phone.press(words.toHome);
    await phone.press(words.toLink);
    await type(words.link, verifier.link());
    await phone.at(words.ask);
    await tabTo(`${words.mail}: ${PERSON.email}`);
    await page.keyboard.press('Space');
    await tabTo(words.agree);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(words.notEnough).waitFor();
    await phone.inspect('not enough');
    await tabTo(`Születési idő: ${words.born}`);
    await page.keyboard.press('Space');
    await tabTo(words.agree);
    await page.keyboard.press('Enter');
    await phone.at(words.sent);
    assert.deepEqual(Object.keys(PERSON).filter((name) => name in verifier.shown.pid), ['family_name', 'birthdate']);
    await phone.close();
  });

  it('reads a QR code where the browser can', async () => {
    const phone = await world.phone(browser);
    const { page, words } = phone;
    const link = await world.issuer().link();
    await page.addInitScript((link) => {
      // A browser that reads QR codes, and a camera that sees one after a while.
      let looks = 0;
      globalThis.BarcodeDetector = class {
        static getSupportedFormats = async () => ['qr_code'];
        detect = async () => ((looks += 1) < 3 ? [] : [{ rawValue: link }]);
      };
      navigator.mediaDevices.getUserMedia = async () => {
        const canvas = document.createElement('canvas');
        canvas.getContext('2d').fillRect(0, 0, 9, 9);
        return canvas.captureStream();
      };
    }, link);
    await phone.visit();
    await phone.setPin();
    await phone.press(words.toLink);
    await phone.at(words.linkPage);
    await phone.inspect('a camera');
    await phone.press(words.scan);
    await phone.at(words.offer);
    await phone.close();
  });

  it('says that it needs a script', async () => {
    const { page, close } = await open(browser, { script: false });
    await page.goto(world.wallet);
    assert.match(await page.locator('main').innerText(), /JavaScript kell hozzá/);
    await close();
  });
});

describe('the texts of the wallet', () => {
  it('are all used by its modules, and no others', async () => {
    const folder = new URL('../crates/portals/assets/telefon/', import.meta.url);
    const modules = readdirSync(folder).filter((name) => name.endsWith('.js')).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const named = new Set(modules.join('\n').match(/'wallet_[a-z_]+'/g).map((key) => key.slice(1, -1)));
    named.delete('wallet_nonce');
    const page = await browser.newPage();
    await page.goto(world.wallet);
    const keys = await page.evaluate(() => Object.keys(JSON.parse(document.getElementById('tarca-adatok').textContent).words));
    await page.close();
    const own = keys.filter((key) => !key.startsWith('wallet_claim_'));
    assert.deepEqual(own.filter((key) => !named.has(key)), [], 'texts without a use');
    assert.deepEqual([...named].filter((key) => !keys.includes(key)), [], 'uses without a text');
  });
});
