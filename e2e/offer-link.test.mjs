// An offer on the phone itself: its link opens the phone's own wallet.

import { after, before, describe, it } from 'node:test';
import { Demo, launch, open, press } from './kit.mjs';
import { Owner } from './owner.mjs';
import { Phone } from './wallet-walk.mjs';

describe('an offer on the phone itself', () => {
  let browser, demo;

  before(async () => {
    [browser, demo] = await Promise.all([launch(), Demo.start()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it('is taken by its link', async () => {
    const phone = new Phone(await open(browser, { lang: 'hu', width: 320 }), 'hu', demo.at('telefon', '/tarca'));
    const { page, words } = phone;
    const { code } = await new Owner(demo, demo.withAuthenticator(), phone, 'hu').askForCredential();
    await press(page, 'Megnyitás ezen az eszközön');
    await phone.setPin();
    await phone.at(words.offer);
    await page.getByLabel(words.secondCode).fill(code);
    await phone.press(words.take);
    await page.getByRole('status').getByText(words.arrived).waitFor();
    await phone.close();
  });
});
